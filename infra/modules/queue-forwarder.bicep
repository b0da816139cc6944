// A small consumer of the alerts queue: every five minutes a Logic App posts each alert to an address of
// your choice, and deletes the message only when the address answered with success.

@description('Name of the Logic App.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Name of the storage account.')
param storageName string

@secure()
@description('Address that takes an alert as JSON by POST.')
param forwardUrl string

var queueName = 'certificate-alerts'
var messages = 'https://${storageName}.queue.${environment().suffixes.storage}/${queueName}/messages'
var headers = {
  'x-ms-date': '@{utcNow(\'R\')}'
  'x-ms-version': '2023-11-03'
}
var authentication = {
  type: 'ManagedServiceIdentity'
  audience: 'https://storage.azure.com/'
}
var hidden = {
  secureData: {
    properties: ['inputs']
  }
}

resource workflow 'Microsoft.Logic/workflows@2019-05-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    state: 'Enabled'
    parameters: {
      forwardUrl: {
        value: forwardUrl
      }
    }
    definition: {
      '$schema': 'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#'
      contentVersion: '1.0.0.0'
      parameters: {
        forwardUrl: {
          type: 'SecureString'
        }
      }
      triggers: {
        Every_five_minutes: {
          type: 'Recurrence'
          recurrence: {
            frequency: 'Minute'
            interval: 5
          }
          runtimeConfiguration: {
            concurrency: {
              runs: 1
            }
          }
        }
      }
      actions: {
        Receive: {
          type: 'Http'
          runAfter: {}
          inputs: {
            method: 'GET'
            uri: '${messages}?numofmessages=32&visibilitytimeout=900'
            headers: headers
            authentication: authentication
          }
        }
        For_each_message: {
          type: 'Foreach'
          runAfter: {
            Receive: ['Succeeded']
          }
          foreach: '@xpath(xml(body(\'Receive\')), \'/QueueMessagesList/QueueMessage\')'
          actions: {
            Forward: {
              type: 'Http'
              runAfter: {}
              inputs: {
                method: 'POST'
                uri: '@parameters(\'forwardUrl\')'
                headers: {
                  'Content-Type': 'application/json'
                }
                body: '@base64ToString(xpath(xml(item()), \'string(/QueueMessage/MessageText)\'))'
              }
              runtimeConfiguration: hidden
            }
            Delete: {
              type: 'Http'
              runAfter: {
                Forward: ['Succeeded']
              }
              inputs: {
                method: 'DELETE'
                uri: '${messages}/@{xpath(xml(item()), \'string(/QueueMessage/MessageId)\')}?popreceipt=@{encodeUriComponent(xpath(xml(item()), \'string(/QueueMessage/PopReceipt)\'))}'
                headers: headers
                authentication: authentication
              }
            }
          }
        }
      }
    }
  }
}

module reader 'queue-reader.bicep' = {
  name: 'forwarder-reader'
  params: {
    principalId: workflow.identity.principalId
    principalType: 'ServicePrincipal'
    storageName: storageName
    queueName: queueName
  }
}
