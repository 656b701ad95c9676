/** Holds the mix of this page's lesson: the studio publishes it, and the stage beside it adds those who are heard. */
import { composeStreams, mixAudio } from "@lectern/publisher";
import { StageMix } from "./stage-mix.ts";

export const lessonMix = new StageMix({ mixAudio, composeStreams, newStream: (tracks) => new MediaStream([...tracks]) });
