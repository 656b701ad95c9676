/** Reads from `connect` which codecs a client can play: Enhanced RTMP v2, "Enhancing NetConnection connect Command". */
import { type AmfObject, type AmfValue, AUDIO_CODEC, isAmfObject } from "@lectern/media";

/** The names for every codec, in both properties. */
const ANY = "*";
/** Bits of `FourCcInfoMask`. */
const CAN_DECODE = 1;

/** @param object of the command `connect` */
export function takesOpus(object: AmfObject): boolean {
  const map = object["audioFourCcInfoMap"];
  if (isAmfObject(map)) return [ANY, AUDIO_CODEC.opus].some((codec) => canDecode(map[codec]));
  const list = object["fourCcList"];
  return Array.isArray(list) && list.some((codec) => codec === ANY || codec === AUDIO_CODEC.opus);
}

function canDecode(mask: AmfValue | undefined): boolean {
  return typeof mask === "number" && (mask & CAN_DECODE) !== 0;
}
