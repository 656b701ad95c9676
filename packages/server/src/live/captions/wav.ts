/** Writes sound as a WAV file (Microsoft Multimedia Programming Interface 1.0, RIFF WAVE: PCM of 16 bits, one channel). */
import { BYTES_PER_SECOND, SAMPLE_RATE } from "./caption-engine.ts";

const HEADER_BYTES = 44;
const FORMAT_BYTES = 16;
const PCM = 1;
const BITS = 16;

export function wavFile(sound: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(HEADER_BYTES - 8 + sound.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(FORMAT_BYTES, 16);
  header.writeUInt16LE(PCM, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(BYTES_PER_SECOND, 28);
  header.writeUInt16LE(BITS / 8, 32);
  header.writeUInt16LE(BITS, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(sound.length, 40);
  return Buffer.concat([header, sound]);
}
