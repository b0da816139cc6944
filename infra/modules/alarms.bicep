// Silence must not look like health. Each query returns a row when, and only when, something is wrong.
// The summary line is the first line of `Logs`: JSON text in the Message column of AppTraces.

@description('What makes the names unique.')
param token string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Workspace with the logs of the app, the metrics of the namespace and the log of queue writes.')
param workspaceId string

@description('Name of the Event Hubs namespace.')
param namespaceName string

@description('Rules that are on.')
param rules string

@description('Whether the Activity Log of some subscription comes here.')
param activityLogComes bool

@description('Mail address. Empty: none is sent.')
param email string

@description('Resource id of an action group for all alarms. Empty: none.')
param actionGroupId string

// Which kinds of record feed the rules that are on: the silence of each is judged by itself.
var active = toLower(rules)
var all = empty(trim(active)) || contains(active, 'all') || contains(active, 'certificatedump')
var ofActivityLog = activityLogComes && (all || contains(active, 'certificateaccessed'))
var ofKeyVault = all || contains(active, 'auditedcertificateread') || contains(active, 'unfamiliarreader')
var kinds = join(concat(ofActivityLog ? ['activityLog'] : [], ofKeyVault ? ['keyVaultAudit'] : []), ',')

// Without `mute` an alarm resolves by itself, and tells once until then. With it, it tells again after that time for as
// long as the cause lasts: a second theft is told, and silence that outlasts the query's reach does not look mended.
// `range` is how far back the query looks where that is more than the window.
var alarms = [
  {
    name: 'theft'
    title: 'A theft: an alert of severity HIGH or above'
    query: loadTextContent('../queries/theft.kql')
    severity: 0
    when: { every: 'PT5M', window: 'PT15M', range: '', mute: 'PT15M', periods: 1, failing: 1 }
  }
  {
    name: 'failing'
    title: 'Invocations fail'
    query: loadTextContent('../queries/failing.kql')
    severity: 1
    when: { every: 'PT15M', window: 'PT15M', range: '', mute: '', periods: 3, failing: 2 }
  }
  {
    name: 'restarting'
    title: 'The host starts again and again'
    query: loadTextContent('../queries/restarting.kql')
    severity: 0
    when: { every: 'PT15M', window: 'PT30M', range: '', mute: '', periods: 1, failing: 1 }
  }
  {
    name: 'stalled'
    title: 'Events come in and none goes out'
    query: replace(loadTextContent('../queries/stalled.kql'), 'NAMESPACE', namespaceName)
    severity: 0
    when: { every: 'PT15M', window: 'PT2H', range: '', mute: '', periods: 1, failing: 1 }
  }
  {
    name: 'silent'
    title: 'A kind of record did not come for a day'
    query: replace(replace(loadTextContent('../queries/silent.kql'), 'NAMESPACE', namespaceName), 'KINDS', kinds)
    severity: 1
    when: { every: 'PT1H', window: 'P1D', range: 'P2D', mute: 'P1D', periods: 1, failing: 1 }
  }
  {
    name: 'poison'
    title: 'Alerts that Teams did not take move to the poison queue'
    query: loadTextContent('../queries/poison.kql')
    severity: 1
    when: { every: 'PT15M', window: 'PT15M', range: '', mute: '', periods: 1, failing: 1 }
  }
  {
    name: 'rejected'
    title: 'Something was rejected that could hide a match'
    query: loadTextContent('../queries/rejected.kql')
    severity: 1
    when: { every: 'PT15M', window: 'PT15M', range: '', mute: '', periods: 1, failing: 1 }
  }
  {
    name: 'undetermined'
    title: 'Records did not say whether they are a match'
    query: loadTextContent('../queries/undetermined.kql')
    severity: 2
    when: { every: 'P1D', window: 'P1D', range: '', mute: '', periods: 1, failing: 1 }
  }
  {
    name: 'impaired'
    title: 'It detects, without Teams, shared windows or expected access'
    query: loadTextContent('../queries/impaired.kql')
    severity: 1
    when: { every: 'PT15M', window: 'PT30M', range: '', mute: '', periods: 1, failing: 1 }
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'certaccess'
    emailReceivers: [
      {
        name: 'mail'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alarm 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for item in alarms: {
    name: 'alarm-${item.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'certificate-accessed: ${item.title}'
      enabled: true
      severity: item.severity
      scopes: [workspaceId]
      evaluationFrequency: item.when.every
      windowSize: item.when.window
      overrideQueryTimeRange: empty(item.when.range) ? null : item.when.range
      skipQueryValidation: true
      autoMitigate: empty(item.when.mute)
      muteActionsDuration: empty(item.when.mute) ? null : item.when.mute
      criteria: {
        allOf: [
          {
            query: item.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: item.when.periods
              minFailingPeriodsToAlert: item.when.failing
            }
          }
        ]
      }
      actions: {
        actionGroups: concat(empty(email) ? [] : [people.id], empty(actionGroupId) ? [] : [actionGroupId])
      }
    }
  }
]
