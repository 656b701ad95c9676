/**
 * Asks the control process, wherever it is: a media worker, node services, and other nodes have questions that only the school can answer. Supervisors
 * pass a question on without knowing it, so a new one is a line in a module's messages, a place that asks, and a place that answers.
 */
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { SchoolAnswers } from "../../school/school.ts";
import type { DispatchMessages } from "../cluster/dispatch.ts";

/** The questions, by their names, which are on the wire between nodes. */
export type ControlAnswers = SchoolAnswers & DispatchMessages;

export type ControlQuestion = { readonly name: string; readonly of: unknown };

/** Answered by supervisors, for their processes and for other nodes, and at last by the control process. */
export type ControlQuestionMessages = { readonly askControl: (question: ControlQuestion) => Promise<unknown> };

/** @throws Error where no node with a control process is reachable, or it does not answer */
export type AskControl = <N extends keyof ControlAnswers>(
  name: N,
  of: Parameters<ControlAnswers[N]>[0],
  withinMs?: number,
) => Promise<Awaited<ReturnType<ControlAnswers[N]>>>;

/** @param pass sends a question to the next process */
export function controlAsker(pass: (question: ControlQuestion, withinMs?: number) => Promise<unknown>): AskControl {
  const ask = (name: keyof ControlAnswers, of: unknown, withinMs?: number): Promise<unknown> => pass({ name, of }, withinMs);
  // TypeScript does not relate an answer to its question's name: both ends run this program.
  return ask as AskControl;
}

/** For the processes of a node. */
export function askerOf(supervisor: RpcChannel<ControlQuestionMessages>): AskControl {
  return controlAsker((question, withinMs) => supervisor.call("askControl", question, withinMs));
}

/** The control process's end of it. */
export function answerQuestions(answers: ControlAnswers): ControlQuestionMessages {
  const byName = new Map<string, (of: never) => unknown>(Object.entries(answers));
  return {
    askControl: async ({ name, of }) => {
      const answer = byName.get(name);
      if (!answer) throw new Error(`unknown question ${name}`);
      return await answer(of as never);
    },
  };
}
