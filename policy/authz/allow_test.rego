package authz_test

models := "/apis/models/v2/workspaces/ml/models"

test_role_in_the_workspace if {
	allowed(alice, "GET", models)
	not allowed(alice, "POST", models)
	not allowed(alice, "GET", "/apis/models/v2/workspaces/other/models")
	allowed(alice, "GET", "/apis/entities/v2/workspaces/ml")
}

test_group_gives_its_role if {
	allowed(member, "POST", models)
}

# models.read comes with the e-mail address, models.train with the id.
test_permissions_are_taken_together if {
	allowed(alice, "PUT", models)
	not allowed(object.remove(alice, ["principal_email"]), "PUT", models)
	not allowed(object.union(alice, {"principal_id": "someone"}), "PUT", models)
}

test_everybody if {
	allowed(alice, "POST", "/apis/models/v2/workspaces/default/models")
	allowed(alice, "GET", "/apis/entities/v2/workspaces")
	allowed(alice, "POST", "/apis/entities/v2/workspaces")
}

test_permission_that_names_its_workspace_has_no_fallback if {
	not allowed(alice, "PATCH", models)
	allowed(service, "PATCH", models)
	allowed(admin, "PATCH", models)
}

test_nobody_is_refused if {
	not allowed({"principal_kind": "anonymous", "principal_id": ""}, "GET", models)
	not allowed({"principal_kind": "user", "principal_id": ""}, "POST", "/apis/auth/v2/access-keys")
	not allowed({"principal_kind": "other", "principal_id": "bob"}, "POST", "/apis/auth/v2/access-keys")
	not allowed({}, "GET", models)
	allowed({}, "GET", "/health/ready")
}

test_unknown_paths_and_methods_are_refused_to_all if {
	every caller in [alice, admin, service] {
		not allowed(caller, "GET", "/apis/unknown")
		not allowed(caller, "DELETE", "/apis/entities/v2/workspaces")
		not allowed(caller, "TRACE", "/apis/entities/v2/workspaces")
		not allowed(caller, "get", "/apis/entities/v2/workspaces")
	}
}

test_head_asks_for_what_get_asks_for if {
	allowed(alice, "HEAD", models)
	not allowed(bob, "HEAD", "/apis/models/v2/workspaces/other/models")
	not allowed(object.union(alice, {"scopes": ["models:write"]}), "HEAD", models)
	not allowed(alice, "HEAD", "/apis/auth/v2/access-keys")
}

test_platform_admin if {
	allowed(admin, "POST", models)
	allowed(admin, "GET", "/apis/entities/v2/entities/e-1")
	not allowed(object.union(admin, {"scopes": ["models:read"]}), "POST", models)
	allowed(object.union(admin, {"scopes": ["models:read"]}), "GET", models)
}

test_platform_roles_mean_nothing_elsewhere if {
	mallory := {"principal_kind": "user", "principal_id": "mallory"}
	not allowed(mallory, "GET", models)
	not allowed(mallory, "GET", "/apis/models/v2/workspaces/other/models")
	not allowed({"principal_kind": "service", "principal_id": "service:lost"}, "GET", models)
	not allowed(mallory, "GET", "/apis/secrets/v2/workspaces/ml/secrets/s/access")
}

test_services if {
	allowed(service, "POST", models)
	allowed(bound_service, "GET", models)
	not allowed(bound_service, "POST", models)
	allowed(bound_service, "POST", "/apis/models/v2/workspaces/other/models")
	not allowed({"principal_kind": "service", "principal_id": "jobs"}, "GET", models)
}

test_name_of_a_service_makes_no_service if {
	every caller in [
		{"principal_kind": "user", "principal_id": "service:jobs"},
		{"principal_kind": "client", "principal_id": "service:jobs"},
		{"principal_id": "service:jobs"},
		{"principal_kind": "user", "principal_id": "u", "principal_email": "service:jobs"},
		{"principal_kind": "user", "principal_id": "u", "principal_email": "service:jobs@example.com"},
		{"principal_kind": "user", "principal_id": "u", "principal_groups": ["service:jobs", "service:files"]},
	] {
		not allowed(caller, "GET", models)
		not allowed(caller, "POST", "/apis/tools/v1/hooks")
		not has_role(caller, "ml", "ServiceSystem")
	}
}

test_service_for_somebody_is_judged_as_that_somebody if {
	for_alice := object.union(service, {
		"on_behalf_of_principal_id": "alice",
		"on_behalf_of_principal_email": "alice@example.com",
	})
	allowed(for_alice, "GET", models)
	not allowed(for_alice, "POST", models)
	allowed(object.union(for_alice, {"on_behalf_of_principal_groups": ["team-ml"]}), "POST", models)
	not allowed(object.union(for_alice, {"principal_groups": ["team-ml"]}), "POST", models)
	not allowed(object.union(service, {"on_behalf_of_principal_id": "service:jobs"}), "GET", models)
}

test_all_workspaces if {
	all := "/apis/models/v2/workspaces/-/models"
	allowed(alice, "GET", all)
	not allowed(alice, "POST", all)
	not allowed(alice, "PUT", all)
	allowed(service, "POST", all)
	not allowed(object.union(alice, {"scopes": ["models:write"]}), "GET", all)
}

test_outside_of_workspaces if {
	allowed(bob, "GET", "/apis/models/v2/reports")
	not allowed(bob, "POST", "/apis/models/v2/rotate")
	allowed(bob, "POST", "/apis/auth/v2/iam/role-bindings")
	allowed(alice, "POST", "/apis/auth/v2/access-keys")
	allowed(alice, "GET", "/apis/models/v2/limits")
	not allowed(alice, "POST", "/apis/models/v2/limits")
}

test_form_of_envoy if {
	headers := {
		"x-nmp-principal-id": "alice", "x-nmp-principal-email": "alice@example.com",
		"x-nmp-principal-groups": "team-ml,others", "x-nmp-scopes": "openid models:write",
	}
	envoy := {"attributes": {"request": {"http": {"method": "POST", "path": models, "headers": headers}}}}
	asked(envoy)
	canonical := {"X-NMP-Principal-Id": "alice", "X-NMP-Principal-Groups": "team-ml"}
	asked(json.patch(envoy, [{"op": "replace", "path": "/attributes/request/http/headers", "value": canonical}]))
	not asked(json.patch(envoy, [{"op": "replace", "path": "/attributes/request/http/headers/x-nmp-scopes", "value": "models:read"}]))
	service_by_header := {"x-nmp-principal-id": "service:jobs"}
	not asked(json.patch(envoy, [{"op": "replace", "path": "/attributes/request/http/headers", "value": service_by_header}]))
}

test_question_marks_end_the_path if {
	allowed(alice, "GET", concat("", [models, "?page=2"]))
	not allowed(alice, "GET", "/apis/models/v2/workspaces/other/models?x=/apis/models/v2/workspaces/ml/models")
}

test_malformed_permissions_are_refused if {
	odd := {"/odd": {"get": {"permissions": "models.read"}}, "/map": {"get": {"permissions": {}}}}
	every path in ["/odd", "/map"] {
		decision := data.authz.allow with input as object.union(bob, {"method": "GET", "path": path})
			with data.authz.endpoints as odd
			with data.authz.principals as principals
			with data.authz.roles as roles
		decision.allowed == false
	}
}
