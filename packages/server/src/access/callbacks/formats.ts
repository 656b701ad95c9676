/**
 * Encodes callbacks as the JSON of SRS (its wiki, "HTTP Callback") or as the form of nginx-rtmp (its wiki, "Directives", "Notify"), with the
 * field names that existing back ends read.
 */
import type { CallbackEvent, CallbackName, RecordedFile } from "./callback-event.ts";

export type Encoded = { readonly type: string; readonly body: string };

const VHOST = "__defaultVhost__";
const NGINX_CALLS = {
  on_connect: "connect",
  on_close: "disconnect",
  on_publish: "publish",
  on_unpublish: "publish_done",
  on_play: "play",
  on_stop: "play_done",
} as const satisfies Record<CallbackName, string>;

/** JSON of SRS. */
export function encodeSrs(event: CallbackEvent, action: CallbackName, serverId: string): Encoded {
  const { clientId, ip, app, name, param, tcUrl, pageUrl } = event;
  const connection = { server_id: serverId, action, client_id: clientId, ip, vhost: VHOST, app, tcUrl, pageUrl };
  const stream = { stream: name, param, stream_url: `/${app}/${name}`, stream_id: `${app}/${name}` };
  const body = event.action === "connect" ? connection : { ...connection, ...stream };
  return { type: "application/json", body: JSON.stringify(body) };
}

/** Form of nginx-rtmp. */
export function encodeNginx(event: CallbackEvent, action: CallbackName): Encoded {
  const form = new URLSearchParams({ call: NGINX_CALLS[action], addr: event.ip, clientid: event.clientId, app: event.app });
  form.set("flashver", "");
  form.set("swfurl", "");
  form.set("tcurl", event.tcUrl);
  form.set("pageurl", event.pageUrl);
  if (event.action !== "connect") form.set("name", event.name);
  if (event.action === "publish") form.set("type", "live");
  // nginx-rtmp passes the parameters after the stream's name on as fields.
  for (const [key, value] of new URLSearchParams(event.param)) if (!form.has(key)) form.set(key, value);
  return { type: "application/x-www-form-urlencoded", body: form.toString() };
}

/** SRS: `on_dvr`, with the duration in addition. */
export function encodeSrsRecorded({ app, name, cwd, file, seconds }: RecordedFile, serverId: string): Encoded {
  const stream = { app, stream: name, param: "", stream_url: `/${app}/${name}`, stream_id: `${app}/${name}` };
  const body = {
    server_id: serverId,
    action: "on_dvr",
    client_id: "",
    ip: "",
    vhost: VHOST,
    ...stream,
    cwd,
    file,
    duration: seconds,
  };
  return { type: "application/json", body: JSON.stringify(body) };
}

/** nginx-rtmp: `on_record_done`. */
export function encodeNginxRecorded({ app, name, file }: RecordedFile): Encoded {
  const form = new URLSearchParams({ call: "record_done", addr: "", clientid: "", app, name, recorder: "", path: file });
  return { type: "application/x-www-form-urlencoded", body: form.toString() };
}
