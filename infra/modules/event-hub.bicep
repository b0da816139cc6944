// The hub that Azure writes its logs to. Diagnostic settings send with a key of the namespace, so keys
// cannot be switched off here; the app itself reads with its identity.

@description('Name of the namespace.')
param namespaceName string

@description('Region. A Key Vault can only send to a hub in its own region.')
param location string

@description('Tags.')
param tags object

@description('Workspace for the metrics of the namespace, which an alarm reads.')
param workspaceId string

@description('Name of the hub, the same as in local.settings.json.')
param hubName string

@description('Name of the consumer group, the same as in local.settings.json.')
param consumerGroupName string = 'certificate-accessed'

@minValue(1)
@maxValue(32)
@description('Partitions: as many instances can work at once. Cannot be changed later.')
param partitionCount int = 4

@minValue(1)
@maxValue(7)
@description('Days that the hub keeps events: how long the app may be down without loss.')
param retentionDays int = 7

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: 1
  }
  properties: {
    minimumTlsVersion: '1.2'
    isAutoInflateEnabled: true
    maximumThroughputUnits: 4
    disableLocalAuth: false
  }
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: hubName
  properties: {
    partitionCount: partitionCount
    messageRetentionInDays: retentionDays
  }
}

resource consumerGroup 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  parent: hub
  name: consumerGroupName
}

resource diagnosticsRule 'Microsoft.EventHub/namespaces/authorizationRules@2024-01-01' = {
  parent: namespace
  name: 'diagnostics'
  properties: {
    rights: ['Listen', 'Manage', 'Send']
  }
}

resource metrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'metrics'
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output namespaceName string = namespace.name
output consumerGroup string = consumerGroup.name
output diagnosticsRuleId string = diagnosticsRule.id
