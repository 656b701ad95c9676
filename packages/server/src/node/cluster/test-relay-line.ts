/** For tests: a relay connection whose line can fall silent, as where packets are dropped: nothing is lost, and everything comes once it speaks again. */
import { Duplex, duplexPair } from "node:stream";

export class RelayLine extends Duplex {
  private readonly inner: Duplex;
  private readonly isSilent: () => boolean;
  private readonly waiting: Buffer[] = [];
  private isOver = false;

  /** @param accept takes the far end */
  constructor(accept: (far: Duplex) => void, isSilent: () => boolean) {
    super();
    this.isSilent = isSilent;
    const [near, far] = duplexPair();
    this.inner = near;
    near.on("readable", () => this.carry());
    near.on("close", () => this.carry());
    accept(far);
  }

  /** Both ends are closed. */
  get isGone(): boolean {
    return this.destroyed && this.inner.destroyed;
  }

  /** To be called when the line speaks again. */
  carry(): void {
    if (this.isSilent()) return;
    for (const bytes of this.waiting.splice(0)) this.inner.write(bytes);
    if (this.isOver) this.inner.destroy();
    for (let bytes = this.inner.read(); bytes !== null; bytes = this.inner.read()) this.push(bytes);
    if (this.inner.destroyed) this.destroy();
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.waiting.push(bytes);
    this.carry();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.isOver = true;
    this.carry();
    done(error);
  }
}
