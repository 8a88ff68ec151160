-- Asks the platform whose token a request carries, before the request goes on. Anything but a yes ends the request: with
-- the platform's own answer, or with 502 when there is none.
--
--   http-request lua.nmp-identity HOST:PORT              puts the identity into X-NMP-* headers
--   http-request lua.nmp-hop-token HOST:PORT AUDIENCE    puts a hop token in the place of the caller's token
--
-- Before it, the configuration must have taken out what the client itself has sent in these headers.

-- The client asks four times, so that this makes ten seconds.
local timeout_ms = 2500

local identity_headers = {
  'x-nmp-principal-id',
  'x-nmp-principal-email',
  'x-nmp-principal-groups',
  'x-nmp-principal-on-behalf-of',
  'x-nmp-principal-on-behalf-of-email',
  'x-nmp-principal-on-behalf-of-groups',
  'x-nmp-scopes',
}
local refusal_headers = { 'content-type', 'www-authenticate', 'retry-after', 'cache-control', 'x-request-id' }

-- Lists of values begin with 0 in requests, and with 1 in answers of the HTTP client.
local function first(headers, name)
  local values = headers and headers[name]
  return values and (values[0] or values[1])
end

local function end_with(txn, status, reason, headers, body)
  local reply = txn:reply({ status = status, reason = reason })
  for name, value in pairs(headers) do reply:add_header(name, value) end
  if txn.f:method() ~= 'HEAD' then reply:set_body(body) end
  txn:done(reply)
end

local function refuse(txn, answer)
  -- Without the id that the platform gives to each request it is HAProxy's own client that says that nobody answers.
  if answer == nil or answer.status == nil or answer.status < 400 or not first(answer.headers, 'x-request-id') then
    local body = '{"statusCode":502,"error":"Bad Gateway","code":"unavailable","detail":"The platform gave no answer"}'
    return end_with(txn, 502, 'Bad Gateway', { ['content-type'] = 'application/json; charset=utf-8' }, body)
  end
  local headers = {}
  for _, name in ipairs(refusal_headers) do headers[name] = first(answer.headers, name) end
  end_with(txn, answer.status, answer.reason, headers, answer.body)
end

local function ask(txn, platform, query)
  local authorization = first(txn.http:req_get_headers(), 'authorization')
  return core.httpclient():get({
    url = 'http://' .. platform .. '/apis/auth/authenticate' .. query,
    headers = authorization and { authorization = { authorization } },
    timeout = timeout_ms,
  })
end

core.register_action('nmp-identity', { 'http-req' }, function(txn, platform)
  local answer = ask(txn, platform, '')
  if answer == nil or answer.status ~= 200 then return refuse(txn, answer) end
  for _, name in ipairs(identity_headers) do
    local value = first(answer.headers, name)
    if value then txn.http:req_set_header(name, value) end
  end
end, 1)

core.register_action('nmp-hop-token', { 'http-req' }, function(txn, platform, audience)
  local answer = ask(txn, platform, '?hop_audience=' .. audience)
  local token = answer ~= nil and answer.status == 200 and first(answer.headers, 'x-nmp-hop-token')
  if not token then return refuse(txn, answer) end
  txn.http:req_set_header('authorization', 'Bearer ' .. token)
end, 2)
