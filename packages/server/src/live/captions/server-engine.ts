/**
 * Provides the engine that is a server with OpenAI's audio API: cuts the sound into pieces of speech and has each one written down. Where the server is
 * slower than people speak, the oldest pieces that wait are left out.
 */
import { BYTES_PER_SECOND, type CaptionEngine, type EngineEvents } from "./caption-engine.ts";
import { type SpeechPiece, SpeechSegmenter } from "./speech-segmenter.ts";
import { type TranscriptionServer, transcribe } from "./transcription-request.ts";

/** So many pieces are asked for at the same time, so that a long one does not hold up the next. */
const MAX_ASKED = 2;
const MAX_WAITING = 3;
/** After so many pieces in a row without an answer, the server is unreachable. */
const MAX_FAILED = 3;

export function startServerEngine(server: TranscriptionServer, events: EngineEvents): CaptionEngine {
  return new ServerEngine(server, events);
}

class ServerEngine implements CaptionEngine {
  private readonly server: TranscriptionServer;
  private readonly events: EngineEvents;
  private readonly segmenter = new SpeechSegmenter();
  private readonly closing = new AbortController();
  private waiting: SpeechPiece[] = [];
  private asked = 0;
  private failed = 0;
  private finishing = false;

  constructor(server: TranscriptionServer, events: EngineEvents) {
    this.server = server;
    this.events = events;
  }

  write(sound: Buffer): boolean {
    if (!this.closing.signal.aborted) for (const piece of this.segmenter.push(sound)) this.ask(piece);
    return true;
  }

  finish(): void {
    if (this.finishing) return;
    this.finishing = true;
    const last = this.segmenter.finish();
    if (last) this.ask(last);
    this.endIfDone();
  }

  close(): void {
    this.closing.abort();
    this.waiting = [];
  }

  pid(): null {
    return null;
  }

  private ask(piece: SpeechPiece): void {
    this.waiting.push(piece);
    if (this.waiting.length > MAX_WAITING) this.waiting.shift();
    this.askNext();
  }

  private askNext(): void {
    while (this.asked < MAX_ASKED) {
      const piece = this.waiting.shift();
      if (!piece) return;
      this.asked++;
      void this.transcribe(piece).finally(() => {
        this.asked--;
        if (this.closing.signal.aborted) return;
        this.askNext();
        this.endIfDone();
      });
    }
  }

  private async transcribe({ start, sound }: SpeechPiece): Promise<void> {
    const { signal } = this.closing;
    const answer = await transcribe(this.server, sound, signal).catch(() => null);
    if (answer === null || signal.aborted) return;
    if (typeof answer === "string") {
      this.failed = 0;
      if (answer !== "") this.events.onLine({ start, end: start + sound.length / BYTES_PER_SECOND, text: answer, isFinal: true });
      return;
    }
    this.failed++;
    if (this.failed < MAX_FAILED && answer.code === "unreachable") return;
    this.close();
    this.events.onEnd(answer);
  }

  private endIfDone(): void {
    if (!this.finishing || this.asked > 0 || this.waiting.length > 0 || this.closing.signal.aborted) return;
    this.close();
    this.events.onEnd(null);
  }
}
