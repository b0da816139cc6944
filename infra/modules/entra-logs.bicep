// Sends Entra's logs to the hub. Whoever deploys it needs Security Administrator in Entra, and may deploy to the tenant.
targetScope = 'tenant'

@description('Name of the setting.')
param settingName string

@description('Resource id of the authorization rule of the namespace.')
param authorizationRuleId string

@description('Name of the hub.')
param hubName string

// What Sigma rules read. Sign-ins without a person are many times as many, so NonInteractiveUserSignInLogs is not among them.
var categories = ['AuditLogs', 'SignInLogs', 'ServicePrincipalSignInLogs', 'UserRiskEvents']

resource setting 'microsoft.aadiam/diagnosticSettings@2017-04-01' = {
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
