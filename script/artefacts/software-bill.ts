/** Writes the software bill of materials of a release (CycloneDX 1.6, ECMA-424), by the library of the standard's authors. */
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { spdxOf } from "./licences.ts";
import type { Architecture, Package, ReleaseOf } from "./runtime-packages.ts";

/** @returns JSON, the same for the same packages */
export function softwareBill(
  packages: readonly Package[],
  { version, epoch }: Pick<ReleaseOf, "version" | "epoch">,
  architecture: Architecture,
): string {
  const own = new Models.Component(Enums.ComponentType.Application, "lectern", {
    version,
    bomRef: "lectern",
    purl: `pkg:generic/lectern@${version}?arch=${architecture}`,
  });
  own.licenses.add(licenceOf("Apache-2.0"));
  const bom = new Models.Bom({ metadata: new Models.Metadata({ timestamp: new Date(epoch * 1000), component: own }) });
  for (const one of packages) {
    const scoped = /^(?:(@[^/]+)\/)?(.*)$/.exec(one.name);
    const component = new Models.Component(Enums.ComponentType.Library, scoped?.[2] ?? one.name, {
      ...(scoped?.[1] ? { group: scoped[1] } : {}),
      version: one.version,
      bomRef: one.path,
      purl: `pkg:npm/${one.name.replace("@", "%40")}@${one.version}`,
      properties: new Models.PropertyRepository([new Models.Property("lectern:as", one.isLoaded ? "package" : "part of a bundle")]),
    });
    component.licenses.add(licenceOf(spdxOf(one)));
    component.hashes.set(
      Enums.HashAlgorithm["SHA-512"],
      Buffer.from(one.integrity.replace(/^sha512-/, ""), "base64").toString("hex"),
    );
    bom.components.add(component);
    own.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

/** Which expressions there may be, `licencesText` has said. */
function licenceOf(expression: string): Models.License {
  return / (?:AND|OR) /.test(expression) ? new Models.LicenseExpression(expression) : new Models.SpdxLicense(expression);
}
