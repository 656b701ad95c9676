/** Names the steps of a load test in words, in the order in which a person goes through them. */
const WORDS: readonly (readonly [step: string, words: string])[] = [
  ["page", "page with its files"],
  ["join", "join by the API"],
  ["rejoin", "join again, or renew links"],
  ["room", "enter the room"],
  ["start", "from coming to the first frame"],
  ["firstFrame", "first frame, from the request"],
  ["firstFrame.flv", "first frame, HTTP-FLV"],
  ["firstFrame.ws", "first frame, WebSocket-FLV"],
  ["firstFrame.hls", "first frame, HLS"],
  ["firstFrame.llhls", "first frame, low-latency HLS"],
  ["firstFrame.replay", "first frame of a recording"],
  ["delay.flv", "delay, HTTP-FLV"],
  ["delay.ws", "delay, WebSocket-FLV"],
  ["delay.hls", "delay, HLS"],
  ["delay.llhls", "delay, low-latency HLS"],
  ["chat", "chat line, to each member"],
  ["stored.chat", "chat line, until stored"],
  ["stored.hand", "hand, until stored"],
  ["quiz.open", "quiz, until opened"],
  ["stored.answer", "answer to a quiz, until stored"],
  ["publish", "publisher, until media may be sent"],
  ["replay.link", "link of a recording"],
  ["exam.enter", "examination: enter"],
  ["exam.paper", "examination: paper"],
  ["exam.key", "examination: key"],
  ["exam.save", "examination: save"],
  ["exam.handIn", "examination: hand in"],
];

export function wordsOfStep(step: string): string {
  return WORDS.find(([name]) => name === step)?.[1] ?? step;
}

/** Known steps first, in their order. */
export function inOrder(steps: readonly string[]): string[] {
  const place = (step: string) => {
    const at = WORDS.findIndex(([name]) => name === step);
    return at < 0 ? WORDS.length : at;
  };
  return steps.toSorted((a, b) => place(a) - place(b) || a.localeCompare(b));
}
