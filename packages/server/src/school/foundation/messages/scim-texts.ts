/** Defines why a request of a directory (SCIM) is refused, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const scimText = defineMessages("scim", {
  filter: {
    en: "The filter cannot be read from its character {{at}} on. It may have {{max}} characters, {{conditions}} conditions and 16 levels.",
    zh: "从第 {{at}} 个字符起无法识别筛选条件。最多 {{max}} 个字符、{{conditions}} 个条件、16 层。",
  },
  path: { en: "The path {{path}} cannot be read.", zh: "无法识别路径 {{path}}。" },
  "filter-attribute": { en: "Nothing can be filtered by {{name}}.", zh: "不能按 {{name}} 筛选。" },
  "filter-value": {
    en: "{{name}} cannot be compared by {{comparison}} with this value.",
    zh: "{{name}} 不能用 {{comparison}} 与这个值比较。",
  },
  "sort-attribute": { en: "Nothing can be sorted by {{name}}.", zh: "不能按 {{name}} 排序。" },
  "no-operations": {
    en: "`Operations` must be a list with 1 to {{max}} operations.",
    zh: "`Operations` 必须是包含 1 到 {{max}} 个操作的列表。",
  },
  operation: { en: "An operation is one of add, replace and remove.", zh: "操作只能是 add、replace 或 remove。" },
  "remove-path": { en: "An operation that removes needs a path.", zh: "删除操作必须有路径。" },
  "no-path-value": {
    en: "An operation without a path needs an object as its value.",
    zh: "没有路径的操作，其值必须是对象。",
  },
  "read-only": { en: "{{name}} cannot be changed.", zh: "{{name}} 不能更改。" },
  needed: { en: "{{name}} is needed.", zh: "缺少 {{name}}。" },
  value: { en: "{{name}}: {{mistake}}", zh: "{{name}}：{{mistake}}" },
  boolean: { en: "must be true or false", zh: "必须是 true 或 false" },
  text: { en: "must be a text", zh: "必须是文本" },
  list: { en: "must be a list of objects with a value", zh: "必须是带有 value 的对象列表" },
  role: { en: "must be one of {{roles}}", zh: "必须是以下之一：{{roles}}" },
  "no-target": { en: "Nothing has what {{path}} names.", zh: "没有 {{path}} 所指的内容。" },
  "too-many-members": { en: "A request can name {{max}} members at most.", zh: "一次请求最多包含 {{max}} 名成员。" },
  "too-many-comparisons": {
    en: "The filters of this request need too many comparisons. Name members by their ids.",
    zh: "这次请求的筛选需要比较太多次，请用编号指定成员。",
  },
  "no-member": { en: "No person of this school has the id {{id}}.", zh: "这所学校没有编号为 {{id}} 的人。" },
  "administrators-refused": {
    en: "This school does not let its directory create or change administrators. An administrator can allow it in the school's settings.",
    zh: "这所学校不允许目录服务添加或更改管理员。管理员可以在学校设置中允许。",
  },
});
