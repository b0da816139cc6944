// Lets someone peek, receive and delete messages of one queue, and see nothing else of the account.

@description('Object id of the reader.')
param principalId string

@allowed(['ServicePrincipal', 'User', 'Group'])
@description('What the reader is.')
param principalType string

@description('Name of the storage account.')
param storageName string

@description('Name of the queue.')
param queueName string

var definitions = 'Microsoft.Authorization/roleDefinitions'
var storageQueueDataMessageProcessor = '8a0f0c08-91a1-4084-bc3d-661d67233fed'

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName

  resource queueService 'queueServices' existing = {
    name: 'default'

    resource queue 'queues' existing = {
      name: queueName
    }
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::queueService::queue
  name: guid(account::queueService::queue.id, principalId, storageQueueDataMessageProcessor)
  properties: {
    principalId: principalId
    principalType: principalType
    roleDefinitionId: subscriptionResourceId(definitions, storageQueueDataMessageProcessor)
  }
}
