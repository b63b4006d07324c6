// One service and one browser serve all of them, beside the services that some begin and end.
import './breaks.ts'
import './ends.ts'
import './exports.ts'
import './limits.ts'
import './midstream.ts'
import './prompts.ts'
import './tabs.ts'
