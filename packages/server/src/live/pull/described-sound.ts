/**
 * Mends what an RTSP server says of its AAC (RFC 3640 section 4, in a description of RFC 8866): cameras name another payload type in `fmtp` than in `rtpmap`, or
 * leave `fmtp` out, and ffmpeg then knows neither how access units are framed nor how they are decoded. Sound that cannot be understood is taken out: ffmpeg
 * would give the picture up, too. Nothing else is changed.
 */

/** RFC 3640 section 3.3.6, as cameras send it: access units of up to 8191 bytes, in order. */
const AAC_HBR_PARAMETERS = "mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3";
/** ISO/IEC 14496-3 table 1.18. */
const SAMPLE_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];
const AAC_LC = 2;
const MAX_CHANNELS = 7;

export type MendedDescription = {
  readonly text: string;
  /** It has sound that nobody can understand, which is taken out. */
  readonly isSoundUnknown: boolean;
};

/** @param description its line ends stay as they are */
export function mendSound(description: string): MendedDescription {
  const [session = "", ...media] = description.split(/(?=^m=)/m);
  const mended = media.map((medium) => (medium.startsWith("m=audio ") ? mendMedium(medium) : medium));
  return { text: [session, ...mended.filter((medium) => medium !== null)].join(""), isSoundUnknown: mended.includes(null) };
}

/** Null: it cannot be understood. */
function mendMedium(medium: string): string | null {
  const lineEnd = /\r\n|\n|\r/.exec(medium)?.[0] ?? "\r\n";
  const offered = /^m=audio \S+ \S+ (\d+(?: \d+)*)/.exec(medium)?.[1]?.split(" ") ?? [];
  const map = /^a=rtpmap:(\d+) mpeg4-generic\/(\d+)(?:\/(\d+))?(?![^\r\n])/im.exec(medium);
  const [line = "", payload = "", rate = "", channels = "1"] = map ?? [];
  if (!map || !offered.includes(payload)) return medium;
  const formats = [...medium.matchAll(/^a=fmtp:(\d+) (.*)$/gm)];
  if (formats.some(([, of]) => of === payload)) return medium;
  // Of no payload type that is offered: it can only be meant for this one.
  const stray = formats.filter(([, of = "", parameters = ""]) => !offered.includes(of) && /\bconfig=/i.test(parameters));
  const [only, ...others] = stray;
  if (only && others.length === 0) return medium.replace(`a=fmtp:${only[1]} `, `a=fmtp:${payload} `);
  const config = configOf(Number(rate), Number(channels));
  if (only || config === null) return null;
  return medium.replace(line, `${line}${lineEnd}a=fmtp:${payload} ${AAC_HBR_PARAMETERS};config=${config}`);
}

/** AudioSpecificConfig of AAC-LC (ISO/IEC 14496-3 section 1.6.2.1), hexadecimal; null where there is none. */
function configOf(rate: number, channels: number): string | null {
  const index = SAMPLE_RATES.indexOf(rate);
  if (index < 0 || channels < 1 || channels > MAX_CHANNELS) return null;
  return ((AAC_LC << 11) | (index << 7) | (channels << 3)).toString(16).padStart(4, "0");
}
