package authz_test

names_of(caller) := names if names := data.authz.identity.names with input as caller

test_names_of_people if {
	names_of(alice) == {"alice", "alice@example.com"}
	names_of(object.union(alice, {"principal_groups": ["a@example.com", "", 7]})) == {"alice", "alice@example.com", "group:a@example.com"}
	names_of(object.union(alice, {"principal_email_verified": true})) == {"alice", "alice@example.com"}
}

test_names_that_are_not_taken if {
	names_of({"principal_id": "admin@example.com"}) == set()
	names_of({"principal_id": "*"}) == set()
	names_of({"principal_id": "Group:admins"}) == set()
	names_of({"principal_id": "u", "principal_email": "not-an-address"}) == {"u"}
	names_of({"principal_id": "u", "principal_email": "group:admins@example.com"}) == {"u"}
	names_of(object.union(alice, {"principal_email_verified": false})) == {"alice"}
	names_of(object.union(alice, {"principal_shares_users": false})) == set()
}

test_letters_of_other_alphabets_stay if {
	names_of({"principal_id": "u", "principal_email": "\u212Aim@EXAMPLE.com"}) == {"u", "\u212Aim@example.com"}
}

test_names_of_services if {
	names_of(service) == {"service:jobs"}
	names_of(object.union(service, {"principal_groups": ["admins"]})) == {"service:jobs"}
	names_of(object.union(service, {"on_behalf_of_principal_id": "bob"})) == {"bob"}
}
