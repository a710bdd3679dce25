import { tableProperties, type TableDefinition } from './definition.ts';

/** What `tables apply` sends, besides operatorActions. No deletion, no scan. */
const APPLY_ACTIONS = [
  'CreateTable',
  'DescribeContinuousBackups',
  'DescribeTable',
  'DescribeTimeToLive',
  'UpdateContinuousBackups',
  'UpdateTable',
  'UpdateTimeToLive',
];

const logicalName = ({ name }: TableDefinition) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Table`;

const tableName = ({ name }: TableDefinition) => ({ 'Fn::Sub': `\${TablePrefix}${name}` });

// By name, not by reference, so that the policies also work for tables outside the stack.
const arn = (definition: TableDefinition, rest = '') => ({
  'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/\${TablePrefix}${definition.name}${rest}`,
});

function toTable(definition: TableDefinition) {
  return {
    Type: 'AWS::DynamoDB::Table',
    Condition: 'CreateTables',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: tableName(definition),
      ...tableProperties(definition),
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      TimeToLiveSpecification: { AttributeName: definition.ttl, Enabled: true },
    },
  };
}

function toStatements(definition: TableDefinition, actions: readonly string[]) {
  const onIndexes = actions.filter((action) => action === 'Query' && definition.indexes.length > 0);
  const allow = (names: readonly string[], resources: readonly object[]) =>
    names.length === 0
      ? []
      : [{ Effect: 'Allow', Action: names.map((name) => `dynamodb:${name}`), Resource: resources }];
  return [
    ...allow(actions, [arn(definition)]),
    ...allow(
      onIndexes,
      definition.indexes.map(({ name }) => arn(definition, `/index/${name}`)),
    ),
  ];
}

function toPolicy(
  description: string,
  definitions: readonly TableDefinition[],
  actionsOf: (definition: TableDefinition) => readonly string[],
) {
  const Statement = definitions.flatMap((definition) => toStatements(definition, actionsOf(definition)));
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { Description: description, PolicyDocument: { Version: '2012-10-17', Statement } },
  };
}

/**
 * A CloudFormation template of the tables and of two least-privilege policies: for the server, and for operators who run
 * the `tables` commands.
 */
export function toTemplate(definitions: readonly TableDefinition[]) {
  const tables = definitions.map((definition) => [logicalName(definition), toTable(definition)] as const);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description:
      'The tables of Rollcall, and who may do what with them. Generated: npm run tables -- cloudformation',
    Parameters: {
      TablePrefix: {
        Type: 'String',
        Default: '',
        AllowedPattern: '[a-zA-Z0-9_.-]{0,200}',
        Description: 'Put before the names of the tables, as the setting TABLE_PREFIX.',
      },
      CreateTables: {
        Type: 'String',
        Default: 'yes',
        AllowedValues: ['yes', 'no'],
        Description:
          'no: the tables stand already, or npm run tables -- apply creates them; make the policies only.',
      },
    },
    Conditions: { CreateTables: { 'Fn::Equals': [{ Ref: 'CreateTables' }, 'yes'] } },
    Resources: {
      ...Object.fromEntries(tables),
      ServerPolicy: toPolicy(
        'What the Rollcall server does with its tables',
        definitions,
        (definition) => definition.serverActions,
      ),
      OperatorPolicy: toPolicy(
        'What npm run tables does with the tables of Rollcall',
        definitions,
        (definition) => [...APPLY_ACTIONS, ...definition.operatorActions].toSorted(),
      ),
    },
    Outputs: {
      ServerPolicyArn: {
        Value: { Ref: 'ServerPolicy' },
        Description: 'Attach it to the role of the server.',
      },
      OperatorPolicyArn: {
        Value: { Ref: 'OperatorPolicy' },
        Description: 'Attach it to the role of the operators.',
      },
    },
  };
}
