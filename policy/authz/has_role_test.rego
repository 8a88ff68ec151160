package authz_test

test_exact_role if {
	has_role(alice, "ml", "Viewer")
	has_role(alice, "ml", "Trainer")
	has_role(member, "ml", "Editor")
	not has_role(bob, "ml", "Viewer")
	not has_role(alice, "other", "Viewer")
}

test_neither_everybody_nor_the_platform_admin_count if {
	not has_role(alice, "default", "Editor")
	not has_role(admin, "ml", "Admin")
	has_role(admin, "system", "PlatformAdmin")
}

test_services_are_service_system_where_nothing_else_is_bound if {
	has_role(service, "ml", "ServiceSystem")
	not has_role(bound_service, "ml", "ServiceSystem")
	has_role(bound_service, "ml", "Viewer")
	has_role(bound_service, "other", "ServiceSystem")
	not has_role({"principal_kind": "user", "principal_id": "mallory"}, "other", "ServiceSystem")
}
