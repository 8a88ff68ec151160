package authz_test

workspace_path := "/apis/entities/v2/workspaces/ml"

scopes_allow(scopes) if allowed(object.union(alice, {"scopes": scopes}), "GET", workspace_path)

test_scopes_that_permit if {
	allowed(alice, "GET", workspace_path)
	every scopes in [
		[],
		["openid", "profile", "email", "offline_access"],
		["entities:read"],
		["platform:read"],
		["openid", "entities:read"],
		["models:read", "entities:read"],
	] {
		scopes_allow(scopes)
	}
}

test_scopes_that_refuse if {
	every scopes in [["platform:write"], ["models:read"], ["openid", "entities:write"], ["platform:admin"]] {
		not scopes_allow(scopes)
	}
}

# Only the areas of the platform count.
test_scopes_of_others_say_nothing if {
	every scopes in [["openid", "wrong:scope"], ["api://nmp/platform:read"], ["urn:example:scope"], ["models:"]] {
		scopes_allow(scopes)
	}
}

test_endpoint_without_scopes if {
	allowed(object.union(alice, {"scopes": ["platform:read"]}), "PUT", models)
}

test_scope_of_the_platform_stands_for_that_of_an_area if {
	allowed(object.union(member, {"scopes": ["platform:write"]}), "POST", models)
	not allowed(object.union(member, {"scopes": ["platform:read"]}), "POST", models)
}

test_areas_are_configured if {
	data.authz.scope_check.passed with input as {"scopes": ["models:write"]}
		with data.authz.route.endpoint as {"scopes": ["models:read"]}
		with data.authz.config as {"scope_areas": ["tools"]}
	not data.authz.scope_check.passed with input as {"scopes": ["tools:write"]}
		with data.authz.route.endpoint as {"scopes": ["models:read"]}
		with data.authz.config as {"scope_areas": ["tools"]}
}

test_scopes_may_be_required_always if {
	not data.authz.scope_check.passed with input as {"scopes": ["openid"]}
		with data.authz.route.endpoint as {"scopes": ["models:read"]}
		with data.authz.config as {"scope_enforcement": "always"}
}
