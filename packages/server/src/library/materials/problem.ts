/** Defines why a material has no pages: thrown by each step of a conversion, and told to the teacher by its code. */
import type { MaterialProblem } from "../../contracts/materials/material-messages.ts";

export class MaterialFailure extends Error {
  readonly problem: MaterialProblem;

  /** @param detail for the log */
  constructor(problem: MaterialProblem, detail: string, options?: ErrorOptions) {
    super(`${problem}: ${detail}`, options);
    this.problem = problem;
  }
}
