-- For wrk: each request carries the next token of a file. All are made beforehand, so that making them is not measured.
local requests = {}
local at = 0

function init(args)
  for token in io.lines(args[1]) do
    wrk.headers["Authorization"] = "Bearer " .. token
    requests[#requests + 1] = wrk.format()
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
