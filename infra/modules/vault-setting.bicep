// The plain way for one vault: its AuditEvent logs to the hub.

@description('Name of the Key Vault. It must stand in the region of the hub.')
param vaultName string

@description('Resource id of the authorization rule of the namespace.')
param authorizationRuleId string

@description('Name of the hub.')
param hubName string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'certificate-accessed'
  properties: {
    eventHubAuthorizationRuleId: authorizationRuleId
    eventHubName: hubName
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}
