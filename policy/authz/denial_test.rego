package authz_test

test_endpoint_that_is_closed if {
	not allowed(admin, "DELETE", models)
	not allowed(service, "DELETE", models)
}

test_prefix_that_is_closed if {
	not allowed(admin, "GET", "/apis/plugins/v1/secret-plugin")
	not allowed(admin, "GET", "/apis/plugins/v1/secret-plugin/page")
	allowed(alice, "GET", "/apis/plugins/v1/secret-plugin-two")
}

test_secrets_are_for_services if {
	secret := "/apis/secrets/v2/workspaces/ml/secrets/s/access"
	allowed(service, "GET", secret)
	not allowed(admin, "GET", secret)
	not allowed(alice, "GET", secret)
	not allowed(object.union(service, {"on_behalf_of_principal_id": "alice"}), "GET", secret)
}

test_bundle if {
	bundle := "/apis/auth/v2/iam/opa-bundle.tar.gz"
	allowed(admin, "GET", bundle)
	allowed(service, "GET", bundle)
	not allowed(bob, "GET", bundle)
}

test_store_of_entities_is_internal if {
	not allowed(alice, "GET", "/apis/entities/v2/entities/e-1")
	allowed(service, "GET", "/apis/entities/v2/entities/e-1")
	allowed(alice, "GET", "/apis/entities/v2/workspaces/ml/entities/e-1")
	not allowed(alice, "GET", "/apis/entities/v2/workspaces/-/entities/e-1")
}

test_callers if {
	hooks := "/apis/tools/v1/hooks"
	allowed(service, "POST", hooks)
	allowed(admin, "POST", hooks)
	not allowed(alice, "POST", hooks)
	allowed(alice, "GET", hooks)
	not allowed(service, "GET", hooks)
	allowed(alice, "PUT", hooks)
	allowed(service, "PUT", hooks)
}
