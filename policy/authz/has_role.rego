package authz

import data.authz.grants
import data.authz.identity

# METADATA
# description: Whether a binding of the caller itself gives exactly this role in the workspace.
# entrypoint: true
has_role := {"has_role": true} if role_held

else := {"has_role": false}

role_held if {
	identity.authenticated
	some role in grants.own_roles(input.workspace)
	role == input.role
	may_hold(role)
}

role_held if {
	input.role == "ServiceSystem"
	grants.is_service_by_default(input.workspace)
}

may_hold(role) if role != "ServiceSystem"

may_hold(_) if identity.is_service
