package authz_test

test_all_permissions_are_needed if {
	holds(alice, "ml", ["models.read"])
	holds(alice, "ml", ["models.read", "models.train"])
	not holds(alice, "ml", ["models.read", "models.update"])
	not holds(alice, "other", ["models.read"])
	holds(alice, "default", ["models.update"])
}

test_permissions_with_a_workspace if {
	holds(alice, "other", ["ml/models.read"])
	not holds(alice, "other", ["default/models.read"])
	not holds(alice, "other", ["ml/x/models.read"])
	not holds(service, "other", ["ml/x/models.read"])
}

test_what_is_no_list_of_permissions if {
	every permissions in [[], "models.read", {"a": "models.read"}, null, ["models:read"]] {
		not holds(bob, "ml", permissions)
	}
	not holds(admin, "ml", [])
}

test_platform_admin_holds_all_but_what_is_for_services if {
	holds(admin, "ml", ["models.update", "anything.else"])
	not holds(admin, "ml", ["secrets.access"])
	not holds(alice, "ml", ["secrets.access"])
	holds(service, "ml", ["secrets.access"])
}

test_nobody_holds_nothing if {
	not holds({"principal_kind": "anonymous", "principal_id": ""}, "default", ["models.read"])
}
