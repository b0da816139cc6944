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
@description('Address that takes the body by POST.')
param forwardUrl string

@allowed(['alert', 'pagerduty', 'servicenow', 'slack'])
@description('What is posted: the alert as it is, or what one of these services takes.')
param forwardFormat string

@secure()
@description('Routing key of PagerDuty, or the Authorization header of ServiceNow.')
param forwardKey string

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
// Alerts hold whole records of the log: nothing of them is to be read in the run history, on its way in or out.
var hidden = {
  secureData: {
    properties: ['inputs', 'outputs']
  }
}
var text = 'base64ToString(xpath(xml(item()), \'string(/QueueMessage/MessageText)\'))'
var bodies = {
  alert: '@${text}'
  pagerduty: loadJsonContent('../forward/pagerduty.json')
  servicenow: loadJsonContent('../forward/servicenow.json')
  slack: loadJsonContent('../forward/slack.json')
}
var jsonType = { 'Content-Type': 'application/json' }
var signed = { Authorization: '@parameters(\'forwardKey\')' }

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
      forwardUrl: { value: forwardUrl }
      forwardKey: { value: forwardKey }
    }
    definition: {
      '$schema': 'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#'
      contentVersion: '1.0.0.0'
      parameters: {
        forwardUrl: { type: 'SecureString' }
        forwardKey: { type: 'SecureString' }
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
          runtimeConfiguration: hidden
        }
        For_each_message: {
          type: 'Foreach'
          runAfter: {
            Receive: ['Succeeded']
          }
          foreach: '@xpath(xml(body(\'Receive\')), \'/QueueMessagesList/QueueMessage\')'
          actions: {
            Alert: {
              type: 'Compose'
              runAfter: {}
              inputs: '@json(${text})'
              runtimeConfiguration: hidden
            }
            Forward: {
              type: 'Http'
              runAfter: {
                Alert: ['Succeeded']
              }
              inputs: {
                method: 'POST'
                uri: '@parameters(\'forwardUrl\')'
                headers: forwardFormat == 'servicenow' ? union(jsonType, signed) : jsonType
                body: bodies[forwardFormat]
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
              runtimeConfiguration: hidden
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
