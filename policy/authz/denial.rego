# What is refused whatever roles the caller holds.
package authz.denial

import data.authz.grants
import data.authz.identity
import data.authz.request
import data.authz.route

denied if route.endpoint.deny == true

denied if {
	some prefix in data.authz.config.denied_plugin_prefixes
	lies_under(request.path, trim_right(prefix, "/"))
}

# The plain text of a secret is for services.
denied if {
	endswith(request.path, "/access")
	["", "apis", _, _, "workspaces", _, "secrets", _, "access"] = route.segments
	not identity.privileged
}

denied if {
	request.path in {"/apis/auth/v2/iam/opa-bundle.tar.gz", "/internal/iam/opa-bundle.tar.gz"}
	not grants.is_platform_admin
	not grants.holds_all(["iam.bundle.read"], grants.platform_workspace)
}

# The store of entities is internal, but for workspaces and what lies in a real one.
denied if {
	startswith(request.path, "/apis/entities/v2/")
	not is_open_entity_path
	not identity.privileged
	not grants.is_platform_admin
}

# Endpoints that say who may call them.
denied if {
	"service_principal" in callers
	not "principal" in callers
	not identity.privileged
	not grants.is_platform_admin
}

denied if {
	"principal" in callers
	not "service_principal" in callers
	identity.privileged
}

callers := route.endpoint.callers

is_open_entity_path if {
	request.path == "/apis/entities/v2/workspaces"
	request.method in {"GET", "HEAD", "POST"}
}

is_open_entity_path if {
	["", "apis", "entities", "v2", "workspaces", name] = route.segments
	name != ""
	request.method in {"GET", "HEAD", "PUT", "DELETE"}
}

is_open_entity_path if {
	["apis", "entities", "v2", "workspaces"] == array.slice(route.segments, 1, 5)
	not route.segments[5] in {"", "-"}
	route.segments[6] in {"members", "projects", "entities"}
}

lies_under(path, prefix) if path == prefix

lies_under(path, prefix) if startswith(path, concat("", [prefix, "/"]))
