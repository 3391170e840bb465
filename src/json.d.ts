// The bundle is data: its type is KnowledgeFiles, not what a compiler would infer from a megabyte of JSON.
declare module '*.json' {
  const value: unknown;
  export default value;
}
