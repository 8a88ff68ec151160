# The small platform that the tests of the rules speak of.
package authz_test

principals := {
	"alice@example.com": {"workspaces": {"ml": ["Viewer"]}},
	"alice": {"workspaces": {"ml": ["Trainer"]}},
	"group:admins": {"workspaces": {"system": ["PlatformAdmin"]}},
	"group:team-ml": {"workspaces": {"ml": ["Editor"]}},
	"bob@example.com": {"workspaces": {"ml": ["Admin"], "system": ["Viewer"]}},
	"mallory": {"workspaces": {"ml": ["PlatformAdmin"], "other": ["ServiceSystem"]}},
	"service:lost": {"workspaces": {"ml": ["PlatformAdmin"]}},
	"service:files": {"workspaces": {"ml": ["Viewer"]}},
	"*": {"workspaces": {"default": ["Editor"], "system": ["Viewer", "WorkspaceCreator"]}},
}

roles := {
	"Viewer": {"grants": {"workspaces.read": true, "workspaces.list": true, "models.read": true}},
	"Editor": {"grants": {"workspaces.read": true, "models.read": true, "models.update": true}},
	"Admin": {"grants": {"workspaces.read": true, "models.read": true, "models.update": true, "iam.list": true}},
	"Trainer": {"grants": {"models.train": true, "secrets.access": true, "entities.read": true}},
	"WorkspaceCreator": {"grants": {"workspaces.create": true}},
	"PlatformAdmin": {"grants": {"iam.bundle.read": true, "models.read": true}},
	"ServiceSystem": {"grants": {"*": true, "models.read": true}},
}

endpoints := {
	"/apis/entities/v2/workspaces": {
		"get": {"permissions": ["workspaces.list"], "scopes": ["entities:read", "platform:read"]},
		"post": {"permissions": ["workspaces.create"], "scopes": ["entities:write", "platform:write"]},
	},
	"/apis/entities/v2/workspaces/{name}": {"get": {
		"permissions": ["workspaces.read"],
		"scopes": ["entities:read", "platform:read"],
	}},
	"/apis/entities/v2/workspaces/{workspace}/entities/{name}": {"get": {"permissions": ["entities.read"]}},
	"/apis/entities/v2/entities/{id}": {"get": {"permissions": ["workspaces.list"]}},
	"/apis/models/v2/workspaces/{workspace}/models": {
		"get": {"permissions": ["models.read"], "scopes": ["models:read"]},
		"post": {"permissions": ["models.update"], "scopes": ["models:write"]},
		"put": {"permissions": ["models.read", "models.train"], "scopes": []},
		"patch": {"permissions": ["default/models.update"]},
		"delete": {"deny": true, "permissions": []},
	},
	"/apis/models/v2/rotate": {"post": {"permissions": ["models.read"]}},
	"/apis/models/v2/limits": {"get": {}, "post": {}},
	"/apis/models/v2/reports": {"get": {"permissions": ["models.read"]}},
	"/apis/auth/v2/access-keys": {"post": {"permissions": []}},
	"/apis/auth/v2/iam/role-bindings": {"post": {"permissions": ["models.read"]}},
	"/apis/auth/v2/iam/opa-bundle.tar.gz": {"get": {"permissions": []}},
	"/apis/secrets/v2/workspaces/{workspace}/secrets/{name}/access": {"get": {"permissions": ["secrets.access"]}},
	"/apis/tools/v1/hooks": {
		"post": {"permissions": [], "callers": ["service_principal"]},
		"get": {"permissions": [], "callers": ["principal"]},
		"put": {"permissions": [], "callers": ["principal", "service_principal"]},
	},
	"/apis/plugins/v1/secret-plugin": {"get": {"permissions": []}},
	"/apis/plugins/v1/secret-plugin/{path}": {"get": {"permissions": []}},
	"/apis/plugins/v1/secret-plugin-two": {"get": {"permissions": []}},
}

config := {"denied_plugin_prefixes": ["/apis/plugins/v1/secret-plugin"]}

alice := {"principal_kind": "user", "principal_id": "alice", "principal_email": "Alice@example.com"}

member := object.union(alice, {"principal_groups": ["team-ml"]})

bob := {"principal_kind": "user", "principal_id": "bob", "principal_email": "bob@example.com"}

admin := {"principal_kind": "user", "principal_id": "root", "principal_groups": ["admins"]}

service := {"principal_kind": "service", "principal_id": "service:jobs"}

bound_service := {"principal_kind": "service", "principal_id": "service:files"}

allowed(caller, method, path) := asked(object.union(caller, {"method": method, "path": path}))

asked(question) := result if {
	decision := data.authz.allow with input as question
		with data.authz.principals as principals
		with data.authz.roles as roles
		with data.authz.endpoints as endpoints
		with data.authz.config as config
	result := decision.allowed
	decision.headers == {"X-NMP-Authorized": json.marshal(result)}
}

holds(caller, workspace, permissions) := decision.allowed if {
	question := object.union(caller, {"workspace": workspace, "permissions": permissions})
	decision := data.authz.has_permissions with input as question
		with data.authz.principals as principals
		with data.authz.roles as roles
}

has_role(caller, workspace, role) := decision.has_role if {
	question := object.union(caller, {"workspace": workspace, "role": role})
	decision := data.authz.has_role with input as question
		with data.authz.principals as principals
		with data.authz.roles as roles
}
