/** Takes an SRT address apart: what of its query is handed to ffmpeg, whose names are those of `ffmpeg -h protocol=srt`. */

/** Options that concern the connection and the stream, and nothing of this machine. Others, such as a file or an own address, are left out. */
const OPTIONS = new Set([
  "streamid",
  "passphrase",
  "pbkeylen",
  "latency",
  "rcvlatency",
  "peerlatency",
  "connect_timeout",
  "maxbw",
  "inputbw",
  "oheadbw",
  "pkt_size",
  "payload_size",
  "mss",
  "tlpktdrop",
  "nakreport",
  "snddropdelay",
  "lossmaxttl",
  "enforced_encryption",
]);
/** Others are no values of these, and a line break would begin another option. */
const VALUE = /^[\u0020-\u{10ffff}]{1,512}$/u;
/** Shorter texts are words such as `live`, and no secrets. */
const MIN_SECRET = 4;

export type SrtOptions = {
  /** The lines of a preset of ffmpeg: `option=value`. They have the passphrase, and the key in the stream's id. */
  readonly preset: string;
  /** Removes what the address keeps secret from words of ffmpeg. */
  readonly redact: (text: string) => string;
};

/** A text: why the address cannot be used. */
export function srtOptions(url: URL): SrtOptions | string {
  const values = [...url.searchParams].filter(([name]) => OPTIONS.has(name));
  // The other side has to listen: nobody could be told an address here.
  if (!["", "caller"].includes(url.searchParams.get("mode") ?? "")) return "Only `mode=caller` is possible.";
  const broken = values.find(([, value]) => !VALUE.test(value));
  if (broken) return `The value of ${broken[0]} is not one.`;
  const secrets = [url.search, ...url.searchParams.values()].filter(({ length }) => length >= MIN_SECRET);
  return {
    preset: values.map(([name, value]) => `${name}=${value}\n`).join(""),
    redact: (text) => secrets.sort((a, b) => b.length - a.length).reduce((rest, secret) => rest.replaceAll(secret, "…"), text),
  };
}
