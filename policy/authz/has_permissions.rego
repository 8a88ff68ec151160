package authz

import data.authz.grants
import data.authz.identity

# METADATA
# description: Whether all of the permissions are held in the workspace. To ask for none is answered with no.
# entrypoint: true
has_permissions := {"allowed": true} if permissions_held

else := {"allowed": false}

permissions_held if {
	identity.authenticated
	is_array(input.permissions)
	count(input.permissions) > 0
	grants.is_platform_admin
	every permission in input.permissions {
		not permission in grants.service_permissions
	}
}

permissions_held if {
	identity.authenticated
	grants.holds_all(input.permissions, input.workspace)
}
