# Whether the scopes of the token permit the request. Only scopes `<area>:<verb>` of a known area restrict a token; any
# other scope belongs to somebody else and says nothing about the platform.
package authz.scope_check

import data.authz.request
import data.authz.route

passed if count(required) == 0

passed if {
	count(granted) == 0
	not data.authz.config.scope_enforcement == "always"
}

passed if {
	some scope in required
	satisfied(scope)
}

required := object.get(route.endpoint, "scopes", [])

granted := {scope |
	some scope in request.scopes
	[area, verb] := split(scope, ":")
	area in areas
	verb != ""
	not contains(verb, "/")
}

default areas := ["auth", "entities", "files", "guardrails", "inference", "intake", "models", "platform"]

areas := data.authz.config.scope_areas

satisfied(scope) if scope in granted

# The platform's own scope stands for that of every area.
satisfied(scope) if {
	[_, verb] := split(scope, ":")
	verb in {"read", "write"}
	concat(":", ["platform", verb]) in granted
}
