// Lets who deploys look at the alerts without taking any away, and send a drill into the hub.

@description('Object id of the deployer.')
param principalId string

@description('What the deployer is.')
param principalType string

@description('Name of the storage account.')
param storageName string

@description('Name of the Event Hubs namespace.')
param namespaceName string

@description('Name of the hub.')
param hubName string

var storageQueueDataReader = '19e7f393-937e-4f77-808e-94535e297925'
var eventHubsDataSender = '2b629674-e913-4c01-ae53-ef4638d8f975'

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName

  resource queueService 'queueServices' existing = {
    name: 'default'

    resource alerts 'queues' existing = {
      name: 'certificate-alerts'
    }
  }
}

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: namespaceName

  resource hub 'eventhubs' existing = {
    name: hubName
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::queueService::alerts
  name: guid(account::queueService::alerts.id, principalId, storageQueueDataReader)
  properties: {
    principalId: principalId
    principalType: principalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataReader)
  }
}

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: namespace::hub
  name: guid(namespace::hub.id, principalId, eventHubsDataSender)
  properties: {
    principalId: principalId
    principalType: principalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', eventHubsDataSender)
  }
}
