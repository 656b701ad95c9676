/** Defines what the control process answers at its admin socket. */
import type { ApiRoute } from "../../access/route.ts";
import { coveredConfig } from "../../platform/config/covered-config.ts";
import type { Config } from "../../platform/config/schema.ts";
import { writeBackup } from "../../platform/store/backup.ts";
import { neededSecrets, type SchoolService } from "../../school/school.ts";
import { adminList } from "../ipc/admin-lists.ts";
import { type AdminMethods, NotReady } from "../ipc/admin-socket.ts";
import { adminNodeMethods } from "./admin-node-methods.ts";
import type { ControlProcessOptions } from "./node-services.ts";
import { serverOrigin } from "./server-origin.ts";

type Parts = { readonly config: Config; readonly school: SchoolService; readonly routes: readonly ApiRoute[] };

/** @param started asked at each call; null: the socket is open, and what answers is not there yet */
export function adminMethods({ supervisor }: ControlProcessOptions, started: () => Parts | null): AdminMethods {
  const parts = (): Parts => started() ?? refuse();
  return {
    backup: async ({ file }) => {
      const { db } = parts().school;
      return { ...(await writeBackup(db, file)), secrets: await neededSecrets(db) };
    },
    recover: () => parts().school.recoverOperator(),
    breakGlass: (request) => parts().school.breakGlass(request),
    findImportedLesson: async (of) => ({ found: await parts().school.findImportedLesson(of) }),
    addImportedLesson: (lesson) => parts().school.addImportedLesson(lesson),
    ...adminNodeMethods(supervisor),
    list: (asked) => {
      const { config, routes } = parts();
      return adminList(routes, asked, serverOrigin(config.http));
    },
    auditChains: () => parts().school.auditChains(),
    verifyAudit: ({ schoolId, after }) => parts().school.verifyAudit(schoolId, after),
    encryption: ({ rotate }) => parts().school.encryption(rotate),
    config: async () => coveredConfig(parts().config),
  };
}

/** @throws NotReady */
function refuse(): never {
  throw new NotReady();
}
