/**
 * Provides files that nobody should upload, each with what becomes of it: broken ones, such that want memory and time, and such that want to reach
 * what is not theirs.
 */
import { crc32, deflateRawSync, deflateSync } from "node:zlib";
import { changedZip, partsOf, zipOf } from "../packages/server/src/library/materials/test-zip.ts";
import { type OfficeFormat, presentation, protectedPdf, textDocument } from "./office-files.ts";
import { pdfOf } from "./pdf-files.ts";

export type HostileFile = {
  readonly name: string;
  readonly bytes: Buffer;
  /** The problem of the material; ready: its pages are there, with these notices. */
  readonly becomes: string;
  /** Without this in the texts of its pages. */
  readonly lacks?: RegExp;
};

export type Traps = {
  /** An address on this machine that should hear of nobody. */
  readonly url: string;
  /** A file that nothing should write. */
  readonly canary: string;
};

/** The test file of the makers of virus scanners (EICAR), in two parts, so that this file is not one. */
export const EICAR = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"}`;

const MEGABYTE = 1024 * 1024;
const text = (content: string) => Buffer.from(content);

export async function hostileFiles(traps: Traps): Promise<HostileFile[]> {
  const slides = await presentation([{ text: "One" }, { text: "Two" }], "pptx");
  return [...strangers(), ...pictures(), ...pdfs(traps), ...zips(slides), ...compounds(), ...(await documents(slides, traps))];
}

/** What is none of the formats. */
function strangers(): HostileFile[] {
  return [
    { name: "one-byte.pdf", bytes: Buffer.from([0]), becomes: "unsupported" },
    {
      name: "noise.pptx",
      bytes: Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31 + 7) % 256)),
      becomes: "unsupported",
    },
    { name: "page.pdf", bytes: text("<!doctype html><script>fetch('/')</script>"), becomes: "unsupported" },
    { name: "program.png", bytes: Buffer.concat([text("\x7fELF"), Buffer.alloc(2000)]), becomes: "unsupported" },
    {
      name: "drawing.svg",
      bytes: text(
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>',
      ),
      becomes: "unsupported",
    },
    { name: "playlist.png", bytes: text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"), becomes: "unsupported" },
    { name: "eicar.pdf", bytes: text(`%PDF-1.7\n${EICAR}`), becomes: "virus-found" },
    { name: "../../../../etc/passwd", bytes: text("root:x:0:0"), becomes: "unsupported" },
  ];
}

function pictures(): HostileFile[] {
  const jpegHead = Buffer.from("ffd8ffc0001108ffffffff03012200021101031101", "hex");
  const gif = Buffer.from("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,", "latin1");
  const bmp = Buffer.alloc(54);
  bmp.write("BM");
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(500, 18);
  bmp.writeInt32LE(500, 22);
  bmp.writeUInt16LE(24, 28);
  return [
    { name: "gigapixel.png", bytes: png(32_768, 32_768, Buffer.alloc(100)), becomes: "picture-too-large" },
    { name: "gigapixel.jpg", bytes: jpegHead, becomes: "picture-too-large" },
    { name: "gigapixel.gif", bytes: gif, becomes: "picture-too-large" },
    { name: "empty.png", bytes: png(0, 10, Buffer.alloc(0)), becomes: "nothing-in-it" },
    { name: "no-data.png", bytes: png(400, 300, Buffer.alloc(0)).subarray(0, 40), becomes: "damaged" },
    { name: "no-data.bmp", bytes: bmp, becomes: "damaged" },
    { name: "broken.webp", bytes: Buffer.concat([text("RIFF\x10\x00\x00\x00WEBPVP9 "), Buffer.alloc(40)]), becomes: "damaged" },
    { name: "head-only.jpg", bytes: Buffer.from("ffd8ffe000104a46494600", "hex"), becomes: "damaged" },
    // Nine thousand by nine thousand pixels of one colour: within the limit, and the decoder needs a quarter of a gigabyte for it.
    { name: "white.png", bytes: png(9000, 9000, Buffer.alloc(9000 * (9000 * 3 + 1))), becomes: "ready" },
  ];
}

function pdfs({ url, canary }: Traps): HostileFile[] {
  const whole = pdfOf(["One", "Two"]);
  const action = (of: string) => pdfOf(["Action"], { catalog: `/OpenAction << /Type /Action ${of} >>` });
  const circles = Array.from({ length: 400_000 }, (_, i) => `0 0 m ${i % 800} 450 ${800 - (i % 800)} 0 800 450 c S`).join("\n");
  return [
    { name: "head-only.pdf", bytes: whole.subarray(0, 60), becomes: "damaged" },
    { name: "no-pages.pdf", bytes: pdfOf([]), becomes: "nothing-in-it" },
    { name: "pages-of-themselves.pdf", bytes: text(whole.toString("latin1").replace(/Kids \[4/, "Kids [2")), becomes: "damaged" },
    { name: "too-many.pdf", bytes: pdfOf(Array.from({ length: 301 }, (_, i) => `Page ${i}`)), becomes: "too-many-pages" },
    { name: "strip.pdf", bytes: pdfOf(["Strip"], { width: 10, height: 14_000 }), becomes: "ready" },
    { name: "script.pdf", bytes: action(`/S /JavaScript /JS (app.launchURL\\("${url}script"\\);)`), becomes: "ready" },
    { name: "launch.pdf", bytes: action(`/S /Launch /F (/bin/sh) /P (-c "touch ${canary}")`), becomes: "ready" },
    { name: "link.pdf", bytes: action(`/S /URI /URI (${url}open)`), becomes: "ready" },
    {
      name: "content-elsewhere.pdf",
      bytes: text(pdfOf(["Elsewhere"]).toString("latin1").replace("<< /Length", `<< /F << /FS /URL /F (${url}content) >> /Length`)),
      becomes: "ready",
    },
    { name: "slow.pdf", bytes: pdfOf(["Slow"], { content: `q 200 w [3 1] 0 d 1 J\n${circles}\nQ` }), becomes: "time-limit" },
  ];
}

function zips(slides: Buffer): HostileFile[] {
  const zeros = deflateRawSync(Buffer.alloc(600 * MEGABYTE), { level: 1 });
  const bomb = { name: "ppt/media/image1.bin", bytes: Buffer.alloc(0), packed: zeros };
  const many = Array.from({ length: 25_000 }, (_, i) => ({ name: `ppt/media/${i}`, bytes: Buffer.alloc(0) }));
  const empty = (names: readonly string[]) => zipOf(names.map((name) => ({ name, bytes: text("<a/>") })));
  return [
    { name: "plain.zip", bytes: empty(["readme.txt"]), becomes: "unsupported" },
    { name: "table.xlsx", bytes: empty(["[Content_Types].xml", "xl/workbook.xml"]), becomes: "unsupported" },
    { name: "bomb.pptx", bytes: zipOf([...partsOf(slides), { ...bomb, saidBytes: 600 * MEGABYTE }]), becomes: "unpacks-too-large" },
    { name: "lying-bomb.pptx", bytes: zipOf([...partsOf(slides), { ...bomb, saidBytes: 100 }]), becomes: "unpacks-too-large" },
    { name: "many-entries.pptx", bytes: zipOf([...partsOf(slides), ...many]), becomes: "unpacks-too-large" },
    {
      name: "up.pptx",
      bytes: changedZip(slides, same, [{ name: "../../../etc/cron.d/x", bytes: text("x") }]),
      becomes: "unsafe-names",
    },
    { name: "root.pptx", bytes: changedZip(slides, same, [{ name: "/tmp/x", bytes: text("x") }]), becomes: "unsafe-names" },
    { name: "locked.pptx", bytes: zipOf(partsOf(slides).map((part) => ({ ...part, flags: 1 }))), becomes: "password" },
    { name: "half.pptx", bytes: slides.subarray(0, slides.length / 2), becomes: "damaged" },
    { name: "no-slides.pptx", bytes: changedZip(slides, (xml) => xml.replace(/<p:sldId .*?\/>/g, "")), becomes: "nothing-in-it" },
    {
      name: "too-many.pptx",
      bytes: changedZip(slides, (xml) => xml.replace(/<p:sldId id="256"(.*?)\/>/, (_, rest) => repeated(301, rest))),
      becomes: "too-many-pages",
    },
    { name: "broken-xml.docx", bytes: empty(["[Content_Types].xml", "word/document.xml"]), becomes: "damaged" },
  ];
}

function compounds(): HostileFile[] {
  return [
    { name: "locked.docx", bytes: compoundFile("EncryptedPackage"), becomes: "password" },
    { name: "table.xls", bytes: compoundFile("Workbook"), becomes: "unsupported" },
    { name: "hollow.ppt", bytes: compoundFile("PowerPoint Document"), becomes: "damaged" },
    { name: "head-only.doc", bytes: compoundFile("WordDocument").subarray(0, 100), becomes: "damaged" },
  ];
}

async function documents(slides: Buffer, { url, canary }: Traps): Promise<HostileFile[]> {
  const odt = await textDocument(["Text", "LINK"], "odt");
  const docx = await textDocument(["Text"], "docx");
  const external = (type: string, target: string) =>
    `<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" TargetMode="External"/></Relationships>`;
  const addTo = (part: string, added: string) => (xml: string, name: string) =>
    name === part ? xml.replace("</Relationships>", added) : xml;
  const inText = (added: string) => (xml: string, name: string) =>
    name === "content.xml" ? xml.replace(/<text:p[^>]*>LINK<\/text:p>/, added) : xml;
  const laughs = Array.from({ length: 30 }, (_, i) => `<!ENTITY l${i + 1} "&l${i};&l${i};&l${i};&l${i};">`).join("");
  const doctype = (declared: string, used: string) => (xml: string, name: string) =>
    name !== "content.xml" ? xml : xml.replace(/\?>/, `?><!DOCTYPE x [${declared}]>`).replace("LINK", used);
  const picture = `<text:p><draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="${url}picture.png" xlink:type="simple" xlink:actuate="onLoad"/></draw:frame></text:p>`;
  const section = `<text:section text:name="S"><text:section-source xlink:href="file:///etc/passwd"/><text:p>LINK</text:p></text:section>`;
  return [
    { name: "locked.pdf", bytes: await protectedPdf("secret"), becomes: "password" },
    {
      name: "locked.odp",
      bytes: zipOf([
        { name: "mimetype", bytes: text("application/vnd.oasis.opendocument.presentation") },
        { name: "META-INF/manifest.xml", bytes: text("<m><manifest:encryption-data/></m>") },
      ]),
      becomes: "password",
    },
    {
      name: "macros.pptm",
      bytes: changedZip(slides, same, [{ name: "ppt/vbaProject.bin", bytes: Buffer.alloc(2000, "VBA") }]),
      becomes: "ready macros-left-out",
    },
    { name: "autostart.odt", bytes: withMacro(odt, canary), becomes: "ready macros-left-out" },
    {
      name: "picture-elsewhere.pptx",
      bytes: changedZip(slides, (xml, name) =>
        pictureElsewhere(addTo("ppt/slides/_rels/slide1.xml.rels", external("image", `${url}picture.png`))(xml, name), name),
      ),
      becomes: "ready links-left-out",
    },
    {
      name: "template-elsewhere.docx",
      bytes: changedZip(docx, addTo("word/_rels/document.xml.rels", external("attachedTemplate", `${url}template.dotm`))),
      becomes: "ready links-left-out",
    },
    { name: "picture-elsewhere.odt", bytes: changedZip(odt, inText(picture)), becomes: "ready links-left-out" },
    { name: "section-of-a-file.odt", bytes: changedZip(odt, inText(section)), becomes: "ready links-left-out", lacks: /root:/ },
    {
      name: "entity-of-a-file.odt",
      bytes: changedZip(odt, doctype('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;")),
      becomes: "damaged or ready",
      lacks: /root:/,
    },
    { name: "many-entities.odt", bytes: changedZip(odt, doctype(`<!ENTITY l0 "ha">${laughs}`, "&l30;")), becomes: "damaged" },
    {
      name: "fonts.pptx",
      bytes: await presentation([{ text: "Text" }], "pptx" satisfies OfficeFormat, "No Such Font"),
      becomes: "ready fonts-replaced",
    },
  ];
}

const same = (xml: string) => xml;

function repeated(times: number, rest: string): string {
  return Array.from({ length: times }, (_, i) => `<p:sldId id="${1000 + i}"${rest}/>`).join("");
}

/** Shows the picture rIdX on the first slide. */
function pictureElsewhere(xml: string, name: string): string {
  if (name !== "ppt/slides/slide1.xml") return xml;
  const shown = `<p:pic><p:nvPicPr><p:cNvPr id="99" name="x"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:link="rIdX"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1000000" cy="1000000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic></p:spTree>`;
  return xml.replace("</p:spTree>", shown);
}

/** A Basic macro that runs when the document is opened, and writes a file. */
function withMacro(odt: Buffer, canary: string): Buffer {
  const module = `<?xml version="1.0" encoding="UTF-8"?><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">Sub Main
n = FreeFile
Open "${canary}" For Output As #n
Print #n, "here"
Close #n
Shell("touch ${canary}")
End Sub</script:module>`;
  const library = (names: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">${names}</library:library>`;
  const libraries = `<?xml version="1.0" encoding="UTF-8"?><library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" library:link="false"/></library:libraries>`;
  const listener =
    '<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document" xlink:type="simple"/></office:event-listeners></office:scripts>';
  const entry = (path: string, type: string) => `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`;
  const listed = ["Basic/Standard/Module1.xml", "Basic/Standard/script-lb.xml", "Basic/script-lc.xml"].map((path) =>
    entry(path, "text/xml"),
  );
  const change = (xml: string, name: string): string => {
    if (name === "content.xml") return xml.replace(/<office:scripts\/>|<office:scripts>.*?<\/office:scripts>/, listener);
    return name === "META-INF/manifest.xml" ? xml.replace("</manifest:manifest>", `${listed.join("")}</manifest:manifest>`) : xml;
  };
  return changedZip(odt, change, [
    { name: "Basic/script-lc.xml", bytes: text(libraries) },
    { name: "Basic/Standard/script-lb.xml", bytes: text(library('<library:element library:name="Module1"/>')) },
    { name: "Basic/Standard/Module1.xml", bytes: text(module) },
  ]);
}

/** A PNG of any size, with any pixels (ISO/IEC 15948). */
function png(width: number, height: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(pixels, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A compound file with one stream of this name ([MS-CFB]): the header, an allocation table, a directory, and an empty sector. */
function compoundFile(stream: string): Buffer {
  const header = Buffer.alloc(512);
  header.write("d0cf11e0a1b11ae1", "hex");
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(4096, 56);
  header.fill(0xff, 60, 512);
  header.writeUInt32LE(0xfffffffe, 60);
  header.writeUInt32LE(0, 64);
  header.writeUInt32LE(0xfffffffe, 68);
  header.writeUInt32LE(0, 72);
  header.writeUInt32LE(0, 76);
  const table = Buffer.alloc(512, 0xff);
  [0xfffffffd, 0xfffffffe, 0xfffffffe].forEach((value, i) => {
    table.writeUInt32LE(value, i * 4);
  });
  const directory = Buffer.alloc(512);
  [
    ["Root Entry", 5],
    [stream, 2],
  ].forEach(([name, type], i) => {
    const at = i * 128;
    directory.write(String(name), at, "utf16le");
    directory.writeUInt16LE((String(name).length + 1) * 2, at + 64);
    directory[at + 66] = Number(type);
    directory.fill(0xff, at + 68, at + 80);
    if (i === 0) directory.writeUInt32LE(1, at + 76);
    directory.writeUInt32LE(i === 0 ? 0xfffffffe : 2, at + 116);
    directory.writeUInt32LE(i === 0 ? 0 : 100, at + 120);
  });
  return Buffer.concat([header, table, directory, Buffer.alloc(512)]);
}
