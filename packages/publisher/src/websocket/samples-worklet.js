/** An audio worklet that posts its input, ten milliseconds or so at a time. It is no TypeScript: browsers load it as it is. */
const BLOCKS = 4;

class Samples extends AudioWorkletProcessor {
  blocks = [];

  process([input]) {
    if (input.length > 0) this.blocks.push(input.map((plane) => plane.slice()));
    if (this.blocks.length < BLOCKS) return true;
    const planes = this.blocks[0].map((_, channel) => {
      const pieces = this.blocks.map((block) => block[channel] ?? block[0]);
      const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      return whole;
    });
    // The block that is processed now is the last one of these.
    const frame = currentFrame - (planes[0].length - 128);
    this.port.postMessage(
      { planes, frame },
      planes.map(({ buffer }) => buffer),
    );
    this.blocks = [];
    return true;
  }
}

registerProcessor("lectern-samples", Samples);
