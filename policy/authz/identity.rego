# Who asks, and by which principals role bindings may call the one that is decided for. Kinds are kept apart: whether
# somebody is a service is said by `principal_kind`, which the verifier of the credentials sets, and by no name.
package authz.identity

import data.authz.request

default kind := "anonymous"

kind := stated_kind if {
	stated_kind in {"user", "client"}
	request.principal_id != ""
}

kind := "service" if {
	stated_kind == "service"
	startswith(request.principal_id, "service:")
}

# Who is not said to be a service is none.
stated_kind := object.get(input, "principal_kind", "user")

authenticated if kind != "anonymous"

# The caller is one of the platform's services, for itself or for somebody else.
privileged if kind == "service"

delegated if request.on_behalf_of_id != ""

# A service is decided for, and not somebody it acts for.
is_service if {
	privileged
	not delegated
}

# The principals of the bindings that hold for the one who is decided for, `*` apart.
names := {request.principal_id} if is_service

names := people_names(request.on_behalf_of_id, request.on_behalf_of_email, request.on_behalf_of_groups) if {
	authenticated
	delegated
}

names := people_names(request.principal_id, verified_email, request.principal_groups) if {
	authenticated
	not privileged
	not delegated
}

# An address the provider says is not verified could be anybody's.
verified_email := request.principal_email if not input.principal_email_verified == false

else := ""

# Users of an issuer that does not share them with the bindings are known as everybody only.
people_names(_, _, _) := set() if input.principal_shares_users == false

people_names(id, email, groups) := (email_names(email) | id_names(id)) | group_names(groups) if {
	not input.principal_shares_users == false
}

group_names(groups) := {name | some group in groups; name := concat(":", ["group", group])}

# What contains an @ in a binding is an e-mail address, so an id that contains one matches no binding.
id_names(id) := {id | id != ""; not contains(id, "@"); not reserved(id)}

email_names(email) := {ascii_lower(email) | contains(email, "@"); not reserved(email)}

# Names that have a meaning of their own in bindings.
reserved(name) if name == "*"

reserved(name) if startswith(ascii_lower(name), "service:")

reserved(name) if startswith(ascii_lower(name), "group:")

# Letters of other alphabets stay as they are: folding them would make one address out of two.
ascii_lower(name) := strings.replace_n(
	{
		"A": "a", "B": "b", "C": "c", "D": "d", "E": "e", "F": "f", "G": "g", "H": "h", "I": "i", "J": "j", "K": "k",
		"L": "l", "M": "m", "N": "n", "O": "o", "P": "p", "Q": "q", "R": "r", "S": "s", "T": "t", "U": "u", "V": "v",
		"W": "w", "X": "x", "Y": "y", "Z": "z",
	},
	name,
)
