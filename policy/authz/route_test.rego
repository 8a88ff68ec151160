package authz_test

patterns := {
	"/a/{x}/c": {"get": {"is": "parameter"}},
	"/a/b/c": {"get": {"is": "literal"}},
	"/a/{x}/{y}": {"get": {"is": "two"}},
	"/p/{workspace}/-/{rest}": {"get": {"is": "rest"}},
	"/p/{workspace}/-/a/b": {"get": {"is": "exact"}},
	"/w/workspaces/{name}/x/{workspace_id}": {"get": {"is": "id"}},
	"/w/workspaces/{name}": {"get": {"is": "name"}},
	"/w/{thing}/workspaces": {"get": {"is": "none"}},
}

route_of(path) := {"is": endpoint.is, "workspace": workspace} if {
	endpoint := data.authz.route.endpoint with input as {"method": "GET", "path": path}
		with data.authz.endpoints as patterns
	workspaces := {w | w := data.authz.route.workspace with input as {"path": path} with data.authz.endpoints as patterns}
	workspace := concat(",", workspaces)
}

test_fewest_placeholders_win if {
	route_of("/a/b/c") == {"is": "literal", "workspace": ""}
	route_of("/a/x/c") == {"is": "parameter", "workspace": ""}
	route_of("/a/b/d") == {"is": "two", "workspace": ""}
}

test_placeholders_need_text_and_lengths_agree if {
	every path in ["/a//c", "/a/b/c/", "/a/b", "", "/", "a/b/c", "/a/b/c/d"] {
		not route_of(path)
	}
}

test_rest_of_a_path if {
	route_of("/p/ml/-/x") == {"is": "rest", "workspace": "ml"}
	route_of("/p/ml/-/x/y/z") == {"is": "rest", "workspace": "ml"}
	route_of("/p/ml/-/a/b") == {"is": "exact", "workspace": "ml"}
	route_of("/p/ml/-/a/b/c") == {"is": "rest", "workspace": "ml"}
	every path in ["/p/ml/-", "/p/ml/-/", "/p/ml/+/x"] {
		not route_of(path)
	}
}

test_workspace if {
	route_of("/w/workspaces/ml") == {"is": "name", "workspace": "ml"}
	route_of("/w/workspaces/ml/x/other") == {"is": "id", "workspace": "other"}
	route_of("/w/a/workspaces") == {"is": "none", "workspace": ""}
}
