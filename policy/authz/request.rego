# What is asked, whichever of its two forms the question has: the fields of the platform's own decision point, or the
# check request of Envoy's external authorization.
package authz.request

method := input.method if input.method

else := http.method

# The path alone: what follows a question mark is no part of it.
path := split(input.path, "?")[0] if input.path

else := split(http.path, "?")[0]

principal_id := text("principal_id", "X-NMP-Principal-Id")

principal_email := text("principal_email", "X-NMP-Principal-Email")

principal_groups := texts("principal_groups", "X-NMP-Principal-Groups", ",")

on_behalf_of_id := text("on_behalf_of_principal_id", "X-NMP-Principal-On-Behalf-Of")

on_behalf_of_email := text("on_behalf_of_principal_email", "X-NMP-Principal-On-Behalf-Of-Email")

on_behalf_of_groups := texts("on_behalf_of_principal_groups", "X-NMP-Principal-On-Behalf-Of-Groups", ",")

scopes := texts("scopes", "X-NMP-Scopes", " ")

http := input.attributes.request.http

# Nothing, and anything that is no text, is the empty text.
text(field, header_name) := value if {
	value := input[field]
	is_string(value)
} else := value if {
	value := header(header_name)
	is_string(value)
} else := ""

# A list, or a text of several parts. What is no text in a list is left out.
texts(field, header_name, separator) := [value |
	some value in elements(field, header_name, separator)
	is_string(value)
	value != ""
]

elements(field, header_name, separator) := input[field] if is_array(input[field])

else := split(input[field], separator) if is_string(input[field])

else := split(header(header_name), separator)

# Names of headers come in lower case or as they are written in documents.
header(name) := http.headers[lower(name)] if http.headers[lower(name)]

else := http.headers[name]
