// Sends the Activity Log of a subscription to the hub.
targetScope = 'subscription'

@description('Name of the setting.')
param settingName string

@description('Resource id of the authorization rule of the namespace.')
param authorizationRuleId string

@description('Name of the hub.')
param hubName string

// The rule reads Administrative records. The others tell that the way is open, and cost next to nothing.
var categories = ['Administrative', 'Security', 'Policy', 'Alert']

resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: settingName
  properties: {
    eventHubAuthorizationRuleId: authorizationRuleId
    eventHubName: hubName
    logs: [
      for category in categories: {
        category: category
        enabled: true
      }
    ]
  }
}
