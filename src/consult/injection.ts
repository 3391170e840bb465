// Does a text speak to a machine? Used to keep such a text out of names, and to raise a visible flag on a note.
// It is no defence by itself: what contains an attack is the closed schema and the verifier.

/** Lower case, look-alike letters folded to Latin, invisible marks removed: so that tricks of spelling do not matter. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{Cf}\p{Mn}\p{Me}]/gu, '')
    .toLowerCase()
    .replace(/[а-яѐ-џα-ωɑɡıℓ]/gu, (letter) => lookAlikes[letter] ?? letter)
    .replace(/\s+/g, ' ');

const lookAlikes: Record<string, string> = {
  а: 'a',
  в: 'b',
  е: 'e',
  ё: 'e',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  і: 'i',
  ј: 'j',
  ѕ: 's',
  ԁ: 'd',
  α: 'a',
  β: 'b',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  η: 'n',
  ɑ: 'a',
  ɡ: 'g',
  ı: 'i',
  ℓ: 'l',
};

const patterns: RegExp[] = [
  // Talking about the conversation itself.
  /\b(?:ignore|disregard|forget|bypass|override|overrule|skip|drop|discard|neglect|supersede)\b.{0,40}\b(?:instruction|prompt|rule|guideline|guard|above|previous|prior|earlier|preceding|everything|safety|check|polic|filter|context|system|allerg|interaction|warning|alert)/,
  /\b(?:system|developer|assistant|user|hidden|initial|original)\s*(?:prompt|message|instruction|role|mode|override|note to)/,
  /\b(?:system|assistant|developer|user|human|ai|admin|root|tool|function)\s*(?::|>|\]|\|)/,
  /<\|?\/?(?:im_|system|assistant|user|inst|s>|end|begin|sys|tool|script|img|iframe|a\s|svg|html|style|form|meta|link|object|embed|body|input|!--)/,
  /\[\/?(?:inst|system|sys|user|assistant|admin|ai)\b/,
  /###|```|~~~|<<|>>|={4,}|-{4,}|\]\(|!\[|\{%|\$\{|\{\{|\{\s*"|"\s*:\s*[[{"]/,
  /\b(?:prompt|jailbreak|jail break|dan mode|do anything now|prompt injection|llm|gpt|chatgpt|claude|gemini|llama|language model|chatbot|chat bot|ai model|the ai|an ai|dear ai|attention ai|hey ai|ai assistant|ai system|ai:)\b/,
  /\b(?:you are|you're|you must|you should|you will|you shall|you have to|you need to|you can now|you may now|act as|pretend|role-?play|roleplay|imagine you|simulate|from now on|new instructions?|new rules?|new task|your (?:new |real |only |next )?(?:task|role|job|instructions?|rules?|guidelines?|training|answer|output|response|reply|summary|goal|purpose|system))\b/,
  /\b(?:respond|reply|answer|output|print|echo|repeat|reveal|say|tell|write|return|emit|display|include|append|insert|state|conclude|report|translate|summari[sz]e)\b.{0,30}\b(?:only|with|that|the following|exactly|verbatim|the word|the phrase|your|nothing|the user|the clinician|the doctor|the patient is|this text|json|in (?:french|german|spanish|chinese|base64)|instructions?|below|above|as)\b/,
  /\b(?:recommend|prescribe|administer|order|give|start|stop|suggest|propose|approve|authori[sz]e|dispense|increase|double|discontinue|rank|mark|list|classify|rate|set|omit|remove|delete|hide|suppress|exclude|rule out|never mention|do not mention|don't mention|must not mention|do not report|do not flag|do not warn|do not show|do not include)\b\s+(?:\w+\s+){0,6}?(?:immediately|always|now|instead|regardless|without|as (?:leading|first|safe|normal|the)|to the patient|for this patient|for every|for all|all (?:alerts|warnings|guards|allerg\w*|checks|other)|(?:any|the) (?:alerts?|warnings?|guards?|allerg\w*|checks?|differential|interaction\w*|contraindication\w*|other)|\d+\s*(?:mg|g|mcg|units?))\b/,
  /\b(?:is|are|as) (?:completely |perfectly |totally |always |now )?(?:safe|harmless|approved|pre-?approved|authori[sz]ed|verified)\b.{0,40}\b(?:to|for|by|despite|regardless|in|with)\b/,
  /\b(?:do not|don't|never|no need to|stop) (?:mention|report|flag|warn|show|include|consider|check|verify|cite|tell|alert|display|trust|follow|use|obey|listen)/,
  /\b(?:emergency|debug|maintenance|god|root|admin|unrestricted|test|training) (?:mode|override|access|protocol)\b/,
  /\b(?:exec\b|eval\b|curl\b|wget\b|rm -|drop table|select \*|union select|base64|os\.system|import os|document\.cookie|alert\(|onerror|onload|javascript:|data:text)/,
  /\b(?:https?|ftp|file|mailto|tel|sms|javascript|data|vbscript):|\bwww\.|\b[a-z0-9-]+\.(?:com|net|org|io|ru|cn|info|biz|xyz|link|click|top|site|online|dev|app|ai|co|me)\b/,
  /\b(?:click|visit|go to|navigate|open|download|browse|fetch|call) (?:here|this|the (?:link|url|site|page)|http|link|url|our)/,
  /\b(?:override code|authori[sz]ation code|access code|password|api key|secret key|credentials?|token)\b/,
  /\b(?:the (?:above|previous|preceding|foregoing) (?:text|instructions?|is|was|content|data|record)|end of (?:note|record|data|document|context|chart|prompt|notes)|begin (?:new|system|instructions?)|important (?:note|instruction|message|notice)?\s*(?:to|for) (?:the )?(?:ai|model|assistant|system|summari[sz]er|reader|reviewer))/,
  /\b(?:note|message|instructions?|attention|memo|notice|directive|order|request)\b\s*(?:to|for)\s+(?:the\s+)?(?:ai|model|assistant|system|software|algorithm|computer|machine|bot|agent|reader|parser|engine|decision support)/,
  // Orders to whoever reads: "use the tool", "trust this note", "leave out the fall".
  /(?:^|[.;:!?,_] ?)(?!do not (?:attempt )?(?:resuscitat|intubat))(?:use|call|send|set|make|let|add|put|leave|trust|follow|obey|believe|e-?mail|forward|transfer|run|apply|assume|treat|change|replace|update|switch|turn|allow|accept|confirm|clear|discharge|admit|read|open|close|save|enter|type|copy|paste|speak|think|become|keep|stay|try|do|go|show|wait|finish|enable|disable|grant|deny|reject|approve|comply|choose|select|pick)\b (?:the|a|an|this|that|these|all|any|every|only|your|my|me|us|to|status|no|not|it|them|him|her|out)\b/,
  /\b(?:tool|function|api|endpoint|plugin)\b.{0,20}\b(?:to|returned|named|call)\b|\b(?:call|invoke|execute) (?:the )?(?:function|tool|api|command)|\binstructions? (?:for|to) \w+|\bguards? (?:is|are|was|were)\b|\{\{|\bapprove[sd]?$/,
  // The same in other languages.
  /\b(?:ignor(?:iere|ieren|ez|er|a|ar|e|ieer|uj)|oublie[zr]?|vergiss|vergessen sie|olvida|ignora|esquece|negeer|zignoruj|missachte|desconsidere|descarta|dimentica|glem|gl[oö]m|bortse)\b.{0,40}\b(?:instruc|instrucc|anweisung|instrukc|istruzion|regel|r[eè]gles?|reglas?|vorherig|pr[eé]c[eé]dent|anterior|precedent|poprzedni|alle|tout|todo|tutt|ovenst|tidigare)/,
  /игнорир|забудь|инструкц|忽略|无视|無視|指示|指令|命令|システム|プロンプト|무시|지시|تجاهل|تعليمات|התעלם|הוראות|अनदेखा|निर्देश|yoksay|görmezden/u,
];

/** The oldest trick, with whatever stands between its letters. */
const order =
  /(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|every|these|those)*(?:previous|prior|above|earlier|preceding|safety|system)*(?:instruction|rule|guideline|guard|prompt|check|everything)/;

export const readsLikeInstruction = (text: string): boolean => {
  const plain = folded(text);
  const spaced = plain
    .replace(/[_\-.*]+/g, ' ')
    .replace(/\b((?:[a-z0-9] ){4,}[a-z0-9])\b/g, (letters) => letters.replaceAll(' ', ''));
  const unleeted = plain.replace(
    /[013457@$]/g,
    (mark) => ({ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' })[mark]!,
  );
  const isOrder = [plain, unleeted].some((form) => order.test(form.replace(/[^a-z]/g, '')));
  return isOrder || [text.toLowerCase(), plain, spaced].some((form) => patterns.some((pattern) => pattern.test(form)));
};
