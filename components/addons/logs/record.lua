-- Makes one record of OpenSearch's log streams of what the tail input and the kubernetes filter know: fields of fixed names
-- and types, and in `stream` the data stream where it belongs.

local CLUSTER = os.getenv("CLUSTER_NAME")
local PLATFORM = os.getenv("PLATFORM_LOGS")
local GATEWAY_NAMESPACE = os.getenv("GATEWAY_NAMESPACE")
local TENANT_LABELS = {}
for label in string.gmatch(os.getenv("TENANT_LABELS"), "[^,]+") do
  TENANT_LABELS[#TENANT_LABELS + 1] = label
end

-- OpenSearch refuses a record with a longer value, or a deeper one, in a flat object.
local LONGEST_VALUE = 8000
local DEEPEST = 10

-- Names of fields in the gateway's access log, by ours; the log's format is the platform's own.
local HTTP_FIELDS = {
  method = "http.request.method",
  host = "server.address",
  path = "url.path",
  protocol = "network.protocol.name",
  route = "envoy.route",
  status = "http.response.status_code",
  flags = "envoy.response_flags",
  duration_ms = "duration_ms",
  upstream_ms = "envoy.upstream_duration_ms",
  bytes_received = "http.request.body.size",
  bytes_sent = "http.response.body.size",
  client = "client.address",
  user_agent = "user_agent.original",
  upstream = "envoy.upstream_host",
  request_id = "http.request.id",
}

local LEVELS = {
  trace = "trace", debug = "debug", info = "info", information = "info", notice = "info", warn = "warning",
  warning = "warning", err = "error", error = "error", fatal = "fatal", critical = "critical", crit = "critical",
  panic = "panic", alert = "critical", emergency = "critical", severe = "error",
}

local KLOG = { I = "info", W = "warning", E = "error", F = "fatal" }

local function shortened(text)
  if #text <= LONGEST_VALUE then return text end
  local last = LONGEST_VALUE
  -- Not within a character of several bytes.
  while last > 0 and string.byte(text, last + 1) >= 128 and string.byte(text, last + 1) < 192 do last = last - 1 end
  return string.sub(text, 1, last) .. "…"
end

local function bounded(value, depth)
  if type(value) == "string" then return shortened(value) end
  if type(value) ~= "table" then return value end
  if depth > DEEPEST then return "…" end
  local copy = {}
  for key, inner in pairs(value) do copy[key] = bounded(inner, depth + 1) end
  return copy
end

local function first(fields, names)
  for _, name in ipairs(names) do
    local value = fields[name]
    if value ~= nil and type(value) ~= "table" then return tostring(value) end
  end
  return nil
end

local function level_of(app, line)
  local said = first(app, { "level", "severity", "lvl", "log.level", "loglevel" })
  if said ~= nil then return LEVELS[string.lower(said)] or string.lower(said) end
  local klog = string.match(line, "^([IWEF])%d%d%d%d ")
  if klog ~= nil then return KLOG[klog] end
  -- Near the beginning of a line, as a word of its own: `level=error`, `[ERROR]`, `2026-01-01 ERROR …`.
  for word in string.gmatch(string.sub(line, 1, 120), "%a+") do
    if word == string.upper(word) or string.find(line, "level=\"?" .. word) ~= nil then
      local level = LEVELS[string.lower(word)]
      if level ~= nil then return level end
    end
  end
  return nil
end

local function tenant_of(labels)
  for _, label in ipairs(TENANT_LABELS) do
    local name = labels[label]
    if name ~= nil and string.match(name, "^[a-z0-9][a-z0-9-]*$") then return name end
  end
  return nil
end

local function access_of(app)
  local http = {}
  for ours, theirs in pairs(HTTP_FIELDS) do
    local value = app[theirs]
    if value ~= nil and value ~= "-" and type(value) ~= "table" then http[ours] = value end
  end
  return http
end

local function where(kubernetes, namespace_labels)
  local labels = kubernetes["labels"] or {}
  return {
    namespace_name = kubernetes["namespace_name"],
    pod_name = kubernetes["pod_name"],
    pod_id = kubernetes["pod_id"],
    container_name = kubernetes["container_name"],
    container_image = kubernetes["container_image"],
    host = kubernetes["host"],
    project = namespace_labels["openchoreo.dev/project"] or namespace_labels["choreo.dev/project"],
    environment = namespace_labels["openchoreo.dev/environment"] or namespace_labels["choreo.dev/environment"],
    component = labels["choreo.dev/component"] or labels["openchoreo.dev/component"],
    labels = bounded(labels, 1),
  }
end

function record(_, timestamp, source)
  local kubernetes = source["kubernetes"] or {}
  local namespace_labels = (source["kubernetes_namespace"] or {})["labels"] or {}
  local app = type(source["app"]) == "table" and source["app"] or {}
  local line = source["log"] or ""
  local tenant = tenant_of(namespace_labels)
  local made = {
    cluster = CLUSTER,
    tenant = tenant,
    message = first(app, { "message", "msg" }) or line,
    level = level_of(app, line),
    trace_id = first(app, { "trace_id", "traceId", "traceID", "trace.id" }),
    span_id = first(app, { "span_id", "spanId", "spanID", "span.id" }),
    kubernetes = where(kubernetes, namespace_labels),
  }
  local kind = "containers"
  if tenant == nil and kubernetes["namespace_name"] == GATEWAY_NAMESPACE and app[HTTP_FIELDS.status] ~= nil then
    kind = "gateway"
    made.http = access_of(app)
    local http = made.http
    made.message = string.format("%s %s %s", http.method or "-", http.path or "-", http.status or "-")
    made.level = "info"
  elseif next(app) ~= nil then
    made.app = bounded(app, 1)
  end
  made.stream = string.format("logs-%s.%s", tenant or PLATFORM, kind)
  return 2, timestamp, made
end
