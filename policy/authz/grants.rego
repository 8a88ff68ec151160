# Which roles bindings give, and what roles permit. Inside the platform the bindings of the caller come with the
# question, found in its indexes; elsewhere they are looked up in the data.
package authz.grants

import data.authz.identity

# The workspace whose bindings hold for the platform as a whole.
platform_workspace := "system"

# Permissions that nobody but a service ever holds.
service_permissions := {"secrets.access"}

is_platform_admin if {
	some role in own_roles(platform_workspace)
	role == "PlatformAdmin"
}

# Every permission of a list is held in a workspace, taken together from all bindings of the caller.
holds_all(permissions, workspace) if {
	is_array(permissions)
	count(permissions) > 0
	every permission in permissions {
		holds(permission, workspace)
	}
}

holds(permission, workspace) if {
	some role in own_roles(workspace)
	permits(role, permission)
}

holds(permission, workspace) if {
	some role in everybody_roles(workspace)
	permits(role, permission)
}

holds(permission, workspace) if {
	is_service_by_default(workspace)
	permits("ServiceSystem", permission)
}

# A permission that names its workspace is looked for there, and not in the bindings of everybody.
holds(permission, _) if {
	contains(permission, "/")
	[workspace, named] := split(permission, "/")
	holds_there(named, workspace)
}

holds_there(permission, workspace) if {
	some role in own_roles(workspace)
	permits(role, permission)
}

holds_there(permission, workspace) if {
	is_service_by_default(workspace)
	permits("ServiceSystem", permission)
}

# A service is ServiceSystem wherever it has no binding of its own.
is_service_by_default(workspace) if {
	identity.is_service
	count(own_roles(workspace)) == 0
}

# PlatformAdmin is no role that permits something in one workspace: it holds everywhere or nowhere.
permits(role, permission) if {
	not identity.is_service
	role != "PlatformAdmin"
	role != "ServiceSystem"
	data.authz.roles[role].grants[permission]
	not permission in service_permissions
}

permits(role, permission) if {
	identity.is_service
	role != "PlatformAdmin"
	some granted in [permission, "*"]
	data.authz.roles[role].grants[granted]
	not contains(permission, "/")
}

own_roles(workspace) := object.get(input.bindings, [workspace, "own"], []) if data.authz.embedded

own_roles(workspace) := {role |
	some name in identity.names
	some role in data.authz.principals[name].workspaces[workspace]
} if not data.authz.embedded

everybody_roles(workspace) := object.get(input.bindings, [workspace, "everybody"], []) if data.authz.embedded

everybody_roles(workspace) := {role |
	some role in data.authz.principals["*"].workspaces[workspace]
} if not data.authz.embedded
