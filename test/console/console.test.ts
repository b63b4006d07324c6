// One service and one browser serve all of them.
import './pages.ts'
import './findings.ts'
import './choices.ts'
import './chat.ts'
import './manners.ts'
import './live.ts'
