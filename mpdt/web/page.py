"""What ``GET /`` shows until the interface exists."""

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mpdt</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
  code { font-family: ui-monospace, monospace; }
  td { padding-right: 1.5rem; vertical-align: top; }
</style>
<h1>mpdt dev</h1>
<p>The server runs. It has no page to look at yet; this is its interface for programs:</p>
<table>
  <tr><td><code>GET /api/state</code></td><td>the plugin, its components and tasks</td></tr>
  <tr><td><code>POST /api/reload</code></td><td>compare with the disk; <code>{"full": true}</code> loads
  anew</td></tr> <tr><td><code>POST /api/message</code></td><td><code>{"text", "user"?, "group"?,
  "role"?, "images"?, "mentions"?}</code></td></tr>
  <tr><td><code>POST /api/call</code></td><td><code>{"kind", "name", "arguments"?}</code>: a tool, action, service,
  event, schedule, route ...</td></tr> <tr><td><code>GET /api/logs</code></td><td>log lines;
  <code>?since=seq</code></td></tr> <tr><td><code>GET|PUT /api/config</code></td><td>the plugin's own TOML
  file, <code>{"text"}</code></td></tr> <tr><td><code>WS /api/events</code></td><td>everything as it happens;
  <code>?since=seq</code> replays</td></tr>
</table>
</html>
"""
