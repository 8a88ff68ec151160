# Which entry of the endpoint table a request falls under, and the workspace its path names. Inside the platform both
# come with the question, found by its matcher; elsewhere they are looked up in the data.
package authz.route

import data.authz.request

reads if request.method in {"GET", "HEAD"}

writes if request.method in {"POST", "PUT", "PATCH", "DELETE"}

# The entry of the request's path and method. Without one nothing is allowed.
endpoint := input.endpoint if data.authz.embedded

endpoint := data.authz.endpoints[pattern][keys[request.method]] if not data.authz.embedded

workspace := input.workspace if data.authz.embedded

workspace := segments[min(workspace_positions)] if not data.authz.embedded

# A path begins with a slash, so its first segment is empty.
segments := split(request.path, "/")

# HEAD asks for what GET asks for.
keys := {
	"GET": "get", "HEAD": "get", "POST": "post", "PUT": "put",
	"PATCH": "patch", "DELETE": "delete", "OPTIONS": "options",
}

# The pattern that says most about the path: with the fewest placeholders, of a fixed length rather than open.
pattern := min({[count(placeholders(parts)), open_end(parts), candidate] |
	some candidate, _ in data.authz.endpoints
	parts := split(candidate, "/")
	matches(parts)
})[2]

matches(parts) if {
	has_length(parts)
	every position, part in parts {
		fits(part, segments[position])
	}
}

has_length(parts) if count(parts) == count(segments)

has_length(parts) if {
	open_end(parts) == 1
	count(parts) < count(segments)
}

fits(part, segment) if part == segment

fits(part, segment) if {
	is_placeholder(part)
	segment != ""
}

# A pattern that ends in `/-/{…}` takes the rest of the path, however long.
open_end(parts) := 1 if {
	parts[count(parts) - 2] == "-"
	is_placeholder(parts[count(parts) - 1])
} else := 0

placeholders(parts) := {position | some position, part in parts; is_placeholder(part)}

is_placeholder(part) if {
	startswith(part, "{")
	endswith(part, "}")
}

pattern_parts := split(pattern, "/")

named_positions := {position | some position, part in pattern_parts; part in {"{workspace}", "{workspace_id}"}}

workspace_positions := named_positions if count(named_positions) > 0

else := {position |
	some position in placeholders(pattern_parts)
	pattern_parts[position - 1] == "workspaces"
}
