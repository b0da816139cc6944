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

@description('Mail address. Empty: alarms show in the portal only.')
param email string

var alarms = [
  {
    name: 'failing'
    title: 'Invocations fail'
    query: loadTextContent('../queries/failing.kql')
    severity: 1
    frequency: 'PT15M'
    window: 'PT15M'
    periods: 3
    failing: 2
  }
  {
    name: 'restarting'
    title: 'The host starts again and again'
    query: loadTextContent('../queries/restarting.kql')
    severity: 0
    frequency: 'PT15M'
    window: 'PT30M'
    periods: 1
    failing: 1
  }
  {
    name: 'stalled'
    title: 'Events come in and none goes out'
    query: replace(loadTextContent('../queries/stalled.kql'), 'NAMESPACE', namespaceName)
    severity: 0
    frequency: 'PT15M'
    window: 'PT2H'
    periods: 1
    failing: 1
  }
  {
    name: 'silent'
    title: 'No record for a day'
    query: loadTextContent('../queries/silent.kql')
    severity: 1
    frequency: 'PT1H'
    window: 'P1D'
    periods: 1
    failing: 1
  }
  {
    name: 'poison'
    title: 'Alerts that Teams did not take move to the poison queue'
    query: loadTextContent('../queries/poison.kql')
    severity: 1
    frequency: 'PT15M'
    window: 'PT15M'
    periods: 1
    failing: 1
  }
  {
    name: 'rejected'
    title: 'Something was rejected that could hide a match'
    query: loadTextContent('../queries/rejected.kql')
    severity: 1
    frequency: 'PT15M'
    window: 'PT15M'
    periods: 1
    failing: 1
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

resource alarm 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for item in alarms: {
  name: 'alarm-${item.name}-${token}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'certificate-accessed: ${item.title}'
    enabled: true
    severity: item.severity
    scopes: [workspaceId]
    evaluationFrequency: item.frequency
    windowSize: item.window
    skipQueryValidation: true
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: item.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: item.periods
            minFailingPeriodsToAlert: item.failing
          }
        }
      ]
    }
    actions: {
      actionGroups: empty(email) ? [] : [people.id]
    }
  }
}]
