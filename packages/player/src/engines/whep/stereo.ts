/** Asks for sound in stereo: browsers decode Opus to one channel unless their own description says `stereo=1` (RFC 7587 section 6.1). */

/** @param sdp an offer */
export function withStereo(sdp: string): string {
  const [, payloadType] = /^a=rtpmap:(\d+) opus\/48000\/2\r?$/im.exec(sdp) ?? [];
  if (payloadType === undefined) return sdp;
  return sdp.replace(new RegExp(`^(a=fmtp:${payloadType} .*?)(\r?)$`, "m"), (line, parameters: string, end: string) =>
    /[ ;]stereo=/.test(parameters) ? line : `${parameters};stereo=1${end}`,
  );
}
