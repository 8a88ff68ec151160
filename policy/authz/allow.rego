# The decision on an HTTP request: allowed when a rule allows it and no rule denies it.
package authz

import data.authz.denial
import data.authz.grants
import data.authz.identity
import data.authz.request
import data.authz.route
import data.authz.scope_check

# METADATA
# entrypoint: true
allow := {"allowed": true, "headers": {"X-NMP-Authorized": "true"}} if permitted

else := {"allowed": false, "headers": {"X-NMP-Authorized": "false"}}

permitted if request.path in {"/health/live", "/health/ready", "/status", "/metrics"}

permitted if {
	identity.authenticated
	route.endpoint
	scope_check.passed
	holds_roles
	not denial.denied
}

holds_roles if grants.is_platform_admin

# The endpoint asks for nothing but a caller who is signed in.
holds_roles if required_permissions == []

holds_roles if {
	not spans_workspaces
	grants.holds_all(required_permissions, route.workspace)
}

# `-` means all workspaces. What is read is filtered by the service that answers; only services write there.
holds_roles if {
	spans_workspaces
	route.reads
}

holds_roles if {
	spans_workspaces
	route.writes
	identity.is_service
	grants.holds_all(required_permissions, route.workspace)
}

holds_roles if {
	not route.workspace
	concerns_platform
	grants.holds_all(required_permissions, grants.platform_workspace)
}

# An entry that says nothing about permissions may be read, outside of workspaces.
holds_roles if {
	not route.workspace
	route.reads
	not required_permissions
}

required_permissions := route.endpoint.permissions

spans_workspaces if route.workspace == "-"

# What may be done outside of workspaces by permissions that are held in the platform's own.
concerns_platform if route.reads

concerns_platform if startswith(request.path, "/apis/auth/v2/iam/")

concerns_platform if {
	request.method == "POST"
	request.path == "/apis/entities/v2/workspaces"
}
