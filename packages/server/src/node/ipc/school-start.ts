/** Defines messages of the control process about its first start, for the person at the terminal. */
import type { DemoSchool } from "../../school/school.ts";

export type SchoolStartMessages = {
  /** The generated password of the first operator, shown once. */
  readonly firstPassword: (password: string) => void;
  /** PostgreSQL is unreachable: the control process starts when it is not. */
  readonly databaseAwaited: () => void;
  /** Which database is open (`platform/store/database-identity.ts`). */
  readonly databaseOpened: (identity: string) => void;
  readonly demoSchool: (school: DemoSchool) => void;
};
